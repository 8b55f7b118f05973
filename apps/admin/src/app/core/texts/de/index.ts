import type { Texts } from '../texts';
import * as base from './base';
import * as events from './events';
import * as features from './features';

/** The German catalogue. */
export const DE: Texts = { ...base, ...features, ...events };
