/** Members and constants with text for people. */
const TEXT_NAMES = new Set(['detail', 'message', 'description', 'hint', 'advice']);
/** Functions whose arguments are text for people, or names and descriptions of metrics. */
const TEXT_FUNCTIONS = /(^|\.)(logger\.\w+|metrics\.\w+|Error|ConfigurationError)$/;

/** Decorators that document a route for OpenAPI. */
const OPENAPI_DECORATORS = /^Api[A-Z]/;

/** Ignores text for people, because tests would repeat it. End-to-end tests check the OpenAPI document. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'wording',
    value: {
      /** @param {import('@babel/core').NodePath} path */
      shouldIgnore(path) {
        const isText = path.isStringLiteral() || path.isTemplateLiteral();
        if (isText && path.findParent(isWording)) {
          return 'Text for people.';
        }
        return isDocumentation(path) || isOnlyWording(path) ? 'Text for people.' : undefined;
      },
    },
  },
];

/** @param {import('@babel/core').NodePath} parent */
function isWording(parent) {
  const { node } = parent;
  if (parent.isObjectProperty() || parent.isVariableDeclarator()) {
    return TEXT_NAMES.has((node.key ?? node.id).name);
  }
  return (parent.isCallExpression() || parent.isNewExpression()) && TEXT_FUNCTIONS.test(nameOf(node.callee));
}

/** @param {import('@babel/core').NodePath} path */
function isDocumentation(path) {
  return path.isCallExpression() && OPENAPI_DECORATORS.test(nameOf(path.node.callee));
}

/** @param {import('@babel/core').NodePath} path */
function isOnlyWording(path) {
  return (
    path.isObjectExpression() &&
    path.node.properties.length > 0 &&
    path.node.properties.every(
      ({ key, value }) => TEXT_NAMES.has(key?.name) && value.type.endsWith('Literal'),
    )
  );
}

function nameOf({ name, property, object }) {
  return name ?? (property ? `${nameOf(object)}.${property.name}` : '');
}
