import type { newToken as english } from '../en/new-token';
import { counting } from '../counting';
import type { Translated } from '../translated';

const count = counting('de');

export const newToken: Translated<typeof english> = {
  end: {
    label: 'Wann endet es?',
    days: (days) => (days === 365 ? '1 Jahr' : count(days, 'Tag', 'Tage')),
    own: 'Eigenes Datum',
    ownLabel: 'Datum und Uhrzeit',
    none: 'Kein Ende',
    on: (when, distance) => `${when}, ${distance}.`,
    never: 'Es gilt, bis jemand es beendet. Wählen Sie das nur, wo niemand es erneuern kann.',
    past: 'Wählen Sie einen Zeitpunkt, der noch kommt.',
    clipped: (when) => `Der Server erlaubt kein späteres Ende als ${when}.`,
  },
};
