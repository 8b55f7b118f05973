// Loaded together, because each alone would need most of the same chunks.
export { SetUp } from './set-up';
export { SignIn } from './sign-in';
