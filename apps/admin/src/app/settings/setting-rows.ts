import type { SettingDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import { durationText } from './duration';
import { SETTING_GROUPS, settingGroup } from './setting-groups';

/** A variable as the page shows it. */
export interface SettingRow extends SettingDto {
  /** What it is for; `null` if the catalogue does not know it. */
  readonly sentence: string | null;
  /** Its value in words, where that says more. */
  readonly words: string | null;
}

/** The variables of one part of the configuration. */
export interface SettingSection {
  readonly heading: string;
  readonly rows: readonly SettingRow[];
}

/** The variables with the text in their name or sentence, part by part. */
export function settingSections(
  settings: readonly SettingDto[],
  text: string,
  { settings: texts }: Texts,
  locale: string,
): SettingSection[] {
  const wanted = text.trim().toLowerCase();
  const sentences: Readonly<Record<string, string>> = texts.variables;
  const rows = settings
    .map((setting): SettingRow => ({
      ...setting,
      sentence: sentences[setting.name] ?? null,
      words: durationText(setting.name, setting.value ?? '', locale),
    }))
    .filter(({ name, sentence }) => `${name}\n${sentence ?? ''}`.toLowerCase().includes(wanted));

  return SETTING_GROUPS.map((group) => ({
    heading: texts.groups[group],
    rows: rows.filter(({ name }) => settingGroup(name) === group),
  })).filter((section) => section.rows.length > 0);
}
