/** Advice in errors that names a request. The command line replaces it with a command. */
export const REPEAT_WITH_FORCE = 'repeat the request with ?force=true';
export const CREATE_TOKEN_INSTEAD = 'Create a token with POST /users/{name}/tokens instead';
