import { account } from './account';
import { audit } from './audit';
import { common } from './common';
import { fields } from './fields';
import { home } from './home';
import { lists } from './lists';
import { pages } from './pages';
import { problems } from './problems';
import { roles } from './roles';
import { session } from './session';
import { settings } from './settings';
import { setUp } from './set-up';
import { shortcuts } from './shortcuts';
import { tokens } from './tokens';
import { users } from './users';

/** Every word of the console in English, which all other languages translate. */
export const EN = {
  account,
  audit,
  common,
  fields,
  home,
  lists,
  pages,
  problems,
  roles,
  session,
  settings,
  setUp,
  shortcuts,
  tokens,
  users,
};
