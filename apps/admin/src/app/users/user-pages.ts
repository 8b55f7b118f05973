// Loaded together, because each alone would need most of the same chunks.
export { ChooseRole } from './bulk/choose-role';
export { CreateUser } from './create/create-user';
export { UserPage } from './page/user-page';
