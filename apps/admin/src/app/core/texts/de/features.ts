import type { FeatureTexts } from '../texts';
import { account } from './account';
import { activity } from './activity';
import { apis } from './apis';
import { audit } from './audit';
import { claimLinks } from './claim-links';
import { home } from './home';
import { leakResponse } from './leak-response';
import { limits } from './limits';
import { newToken } from './new-token';
import { palette } from './palette';
import { picker } from './picker';
import { rejections } from './rejections';
import { roles } from './roles';
import { settings } from './settings';
import { tokenPage } from './token-page';
import { tokenRequests } from './token-requests';
import { userAccess } from './user-access';
import { userImport } from './user-import';
import { userPage } from './user-page';

/** Texts that only some features show. */
export const DE_FEATURES: FeatureTexts = {
  account,
  activity,
  apis,
  audit,
  claimLinks,
  home,
  leakResponse,
  limits,
  newToken,
  palette,
  picker,
  rejections,
  roles,
  settings,
  tokenPage,
  tokenRequests,
  userAccess,
  userImport,
  userPage,
};
