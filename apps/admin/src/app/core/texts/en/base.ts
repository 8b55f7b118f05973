// Texts of the frame, the sign-in page and the lists.
export * from './common';
export * from './errors';
export * from './lists';
export * from './session';
export * from './tokens';
export * from './users';
