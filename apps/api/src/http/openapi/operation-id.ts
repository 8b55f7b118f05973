/**
 * Names an operation for generated clients, by its controller and method: a method of several words is named as it is
 * (`resetPassword`), one of a single word is completed by what the controller is about (`get` of users is `getUser`), and
 * `find` and `list` answer with a list of it (`listUsers`).
 */
export function operationId(controller: string, method: string): string {
  const subjects = controller.replace(/Controller$/, '');
  if (method === 'find' || method === 'list') {
    return `list${subjects}`;
  }
  return /[A-Z]/.test(method) ? method : `${method}${singular(subjects)}`;
}

function singular(subjects: string): string {
  return subjects.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}
