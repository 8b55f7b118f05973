import type { Texts } from '../texts';

export const activity: Texts['activity'] = {
  heading: 'Aktivität',
  whole: 'Im Audit-Protokoll öffnen',
  empty: 'Keine Einträge.',
  by: 'durch',
  unauthenticated: 'einen nicht angemeldeten Client',
  server: 'den Server',
  failed: 'fehlgeschlagen',
  many: 'mehrere Ziele',
  from: (address) => `von ${address}`,
  reason: (text) => `„${text}“`,
};
