import type { Texts } from '../texts';
import { DE_BASE } from './base';
import { DE_FEATURES } from './features';

/** The German catalogue. */
export const DE: Texts = { ...DE_BASE, ...DE_FEATURES };
