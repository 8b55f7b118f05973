import { activity } from './activity';
import { auditActions } from './audit-actions';
import { common } from './common';
import { fields } from './fields';
import { lists } from './lists';
import { pages } from './pages';
import { permissions } from './permissions';
import { problems } from './problems';
import { session } from './session';
import { setUp } from './set-up';
import { shortcuts } from './shortcuts';
import { tokens } from './tokens';
import { userAccess } from './user-access';
import { userBulk } from './user-bulk';
import { userPage } from './user-page';
import { users } from './users';

/** What every page may say in English. */
export const EN_FIRST = {
  activity,
  auditActions,
  common,
  fields,
  lists,
  pages,
  permissions,
  problems,
  session,
  setUp,
  shortcuts,
  tokens,
  userAccess,
  userBulk,
  userPage,
  users,
};
