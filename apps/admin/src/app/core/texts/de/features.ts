import { account } from './account';
import { audit } from './audit';
import { home } from './home';
import { roles } from './roles';
import { settings } from './settings';
import type { FeatureTexts } from '../texts';

/** Texts that only some features show. */
export const DE_FEATURES: FeatureTexts = {
  account,
  audit,
  home,
  roles,
  settings,
};
