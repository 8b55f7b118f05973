/** Members and constants that hold sentences for people. */
const SENTENCES = new Set(['detail', 'message', 'description', 'hint', 'advice']);
/** Whose arguments are sentences, or the names and sentences of metrics. */
const TELLING = /(^|\.)(logger\.\w+|metrics\.\w+|Error|ConfigurationError)$/;

/** Leaves alone what is said to people: a test of it would repeat it. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'wording',
    value: {
      /** @param {import('@babel/core').NodePath} path */
      shouldIgnore(path) {
        const isText = path.isStringLiteral() || path.isTemplateLiteral();
        return isText && path.findParent(isWording) ? 'It is a sentence for people.' : undefined;
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
  if (parent.isCallExpression() || parent.isNewExpression()) {
    return TELLING.test(nameOf(node.callee));
  }
  return false;
}

function nameOf({ name, property, object }) {
  return name ?? (property ? `${nameOf(object)}.${property.name}` : '');
}
