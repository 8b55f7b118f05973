import { auditActions } from './audit-actions';
import { common, pages, permissions, shortcuts } from './common';
import { fields, problems } from './errors';
import { lists } from './lists';
import { session, setUp } from './session';
import { tokens } from './tokens';
import { userBulk } from './user-bulk';
import { users } from './users';

/** Texts of the frame, the sign-in page and the lists. */
export const EN_BASE = {
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
  userBulk,
  users,
};
