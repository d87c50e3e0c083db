export const object = {
  isEmpty: (value) => Object.keys(value).length === 0,
  isNotEmpty: (value) => Object.keys(value).length > 0,
  toJsonString: (value) => JSON.stringify(value),
};
