export const array = {
  first: ([value]) => value,
  last: (list) => list[list.length - 1],
  sum: (list) => list.reduce((sum, each) => sum + Number(each), 0),
  isEmpty: (list) => list.length === 0,
  isNotEmpty: (list) => list.length > 0,
};
