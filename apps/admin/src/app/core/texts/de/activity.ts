import type { Texts } from '../texts';

export const activity: Texts['activity'] = {
  heading: 'Aktivität',
  whole: 'Alles im Prüfprotokoll',
  empty: 'Nichts ist verzeichnet.',
  by: 'durch',
  nobody: 'niemand Angemeldetes',
  server: 'den Server',
  failed: 'misslungen',
  from: (address) => `von ${address}`,
};
