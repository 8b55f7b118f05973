/** Version of this build, from `package.json`. */
export const VERSION = '0.1.0';
