import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const audit: Texts['audit'] = {
  heading: 'Prüfprotokoll',
  lede: 'Wer was getan hat, so versiegelt, dass Eingriffe auffallen.',
  count: (total) => count(total, 'Eintrag', 'Einträge'),
  empty: { heading: 'Noch nichts', text: 'Was Menschen und Dienste tun, erscheint hier.' },
  live: 'Live',
  liveHint: 'Zeigt neue Einträge, sobald sie kommen',
  news: (total) => `${count(total, 'neuer Eintrag', 'neue Einträge')} oben.`,
  periods: { label: 'Zeitraum', day: 'Letzte 24 Stunden', week: 'Letzte 7 Tage', month: 'Letzte 30 Tage' },
  filters: {
    actor: 'Wer',
    subject: 'Wen oder was',
    action: 'Tat',
    outcome: 'Ergebnis',
    address: 'Adresse',
    from: 'Von',
    to: 'Bis',
    traceId: 'Anfrage',
  },
  outcomes: { success: 'Erfolg', failure: 'Fehlschlag' },
  nobody: 'Jemand Unbekanntes',
  many: 'Viele auf einmal',
  on: 'bei',
  details: 'Einzelheiten',
  onlyActor: (name) => `Nur was ${name} getan hat`,
  onlySubject: (name) => `Nur was ${name} betraf`,
  onlyAddress: (address) => `Nur von ${address}`,
  onlyRequest: 'Nur diese Anfrage',
  member: 'Was',
  before: 'Vorher',
  after: 'Nachher',
  time: 'Zeit',
  request: 'Anfrage',
  entry: 'Eintrag',
  more: (total) => `und ${total} weitere`,
  subjects: {
    user: 'Benutzer',
    token: 'Token von',
    role: 'Rolle',
    route: 'Route',
    address: 'Adresse',
    audit: 'Prüfprotokoll',
  },
};
