// Which names a piece of code declares, and for how far: a name that is taken for the code's own
// where it is not would reach a global.

export function patternNames(patterns, names) {
  for (const node of patterns) {
    switch (node?.type) {
      case 'Identifier': names.add(node.name); break;
      case 'ObjectPattern': patternNames(node.properties.map((each) => each.value ?? each.argument), names); break;
      case 'ArrayPattern': patternNames(node.elements, names); break;
      case 'AssignmentPattern': patternNames([node.left], names); break;
      case 'RestElement': patternNames([node.argument], names); break;
    }
  }
  return names;
}

// The names of the `let`, `const`, `class` and `function` that stand right in these statements.
export function declared(statements) {
  const names = new Set();
  for (const node of statements) {
    if (node?.type === 'VariableDeclaration' && node.kind !== 'var') patternNames(node.declarations.map((each) => each.id), names);
    if (node?.type === 'FunctionDeclaration' || node?.type === 'ClassDeclaration') names.add(node.id.name);
  }
  return names;
}

// The names of the `var`s in these statements, at any depth but that of functions.
export function hoisted(node, names) {
  if (!node || typeof node !== 'object') return names;
  if (Array.isArray(node)) {
    node.forEach((each) => hoisted(each, names));
    return names;
  }
  if (/Function|^Class/.test(node.type)) return names;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') patternNames(node.declarations.map((each) => each.id), names);
  for (const key in node) if (key !== 'type') hoisted(node[key], names);
  return names;
}
