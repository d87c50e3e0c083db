export const boolean = {};
