import type { Texts } from '../texts';
import { account } from './account';
import { activity } from './activity';
import { audit } from './audit';
import { auditActions } from './audit-actions';
import { common } from './common';
import { fields } from './fields';
import { home } from './home';
import { lists } from './lists';
import { pages } from './pages';
import { permissions } from './permissions';
import { problems } from './problems';
import { roles } from './roles';
import { session } from './session';
import { settings } from './settings';
import { setUp } from './set-up';
import { shortcuts } from './shortcuts';
import { tokens } from './tokens';
import { userAccess } from './user-access';
import { userBulk } from './user-bulk';
import { userPage } from './user-page';
import { users } from './users';

/** Every word of the console in German. */
export const DE: Texts = {
  account,
  activity,
  audit,
  auditActions,
  common,
  fields,
  home,
  lists,
  pages,
  permissions,
  problems,
  roles,
  session,
  settings,
  setUp,
  shortcuts,
  tokens,
  userAccess,
  userBulk,
  userPage,
  users,
};
