export const string = {};
