import { account } from './account';
import { audit } from './audit';
import { home } from './home';
import { roles } from './roles';
import { settings } from './settings';
import type { LaterTexts } from '../texts';

/** What only the pages say in German that have words of their own. */
export const DE_LATER: LaterTexts = {
  account,
  audit,
  home,
  roles,
  settings,
};
