// Loaded together, because each alone is small.
export { Shortcuts } from './shortcuts';
export { SignInAgain } from './sign-in-again';
export { askForProof } from './step-up';
