export const number = {};
