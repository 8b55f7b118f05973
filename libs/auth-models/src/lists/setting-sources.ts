/** Where the value of a setting comes from: the server's own default, the environment, or the file that `X_FILE` names. */
export const SETTING_SOURCES = ['default', 'environment', 'file'] as const;

/** One of {@link SETTING_SOURCES}. */
export type SettingSource = (typeof SETTING_SOURCES)[number];
