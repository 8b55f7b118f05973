import { BUILT_IN_PERMISSIONS } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

const BUILT_IN: Readonly<Record<string, string>> = BUILT_IN_PERMISSIONS;

/** What a permission lets its holder do, in the console's words, else in those of whoever registered it. */
export function permissionSentence(name: string, texts: Texts, description = ''): string {
  return texts.permissions.sentences[name] ?? BUILT_IN[name] ?? description;
}
