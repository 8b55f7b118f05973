/** Members and constants that hold sentences for people. */
const SENTENCES = new Set(['detail', 'message', 'description', 'hint', 'advice']);
/** Whose arguments are sentences, or the names and sentences of metrics. */
const TELLING = /(^|\.)(logger\.\w+|metrics\.\w+|Error|ConfigurationError)$/;

/** What documents a route for OpenAPI. */
const DOCUMENTING = /^Api[A-Z]/;

/** Leaves alone what is said to people: a test of it would repeat it. What the OpenAPI document says is tested where it is served. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'wording',
    value: {
      /** @param {import('@babel/core').NodePath} path */
      shouldIgnore(path) {
        const isText = path.isStringLiteral() || path.isTemplateLiteral();
        if (isText && path.findParent(isWording)) {
          return 'It is a sentence for people.';
        }
        return isDocumentation(path) || isOnlyWording(path) ? 'It is said to people only.' : undefined;
      },
    },
  },
];

/** @param {import('@babel/core').NodePath} parent */
function isWording(parent) {
  const { node } = parent;
  if (parent.isObjectProperty() || parent.isVariableDeclarator()) {
    return SENTENCES.has((node.key ?? node.id).name);
  }
  return (parent.isCallExpression() || parent.isNewExpression()) && TELLING.test(nameOf(node.callee));
}

/** @param {import('@babel/core').NodePath} path */
function isDocumentation(path) {
  return path.isCallExpression() && DOCUMENTING.test(nameOf(path.node.callee));
}

/** @param {import('@babel/core').NodePath} path */
function isOnlyWording(path) {
  return (
    path.isObjectExpression() &&
    path.node.properties.length > 0 &&
    path.node.properties.every(({ key, value }) => SENTENCES.has(key?.name) && value.type.endsWith('Literal'))
  );
}

function nameOf({ name, property, object }) {
  return name ?? (property ? `${nameOf(object)}.${property.name}` : '');
}
