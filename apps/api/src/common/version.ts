/** The version of this build, that of `package.json`. */
export const VERSION = '0.1.0';
