import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const palette: Texts['palette'] = {
  placeholder: 'Seite, Aktion, Name oder Trace-ID',
  groups: {
    recent: 'Zuletzt verwendet',
    pasted: 'Eingefügt',
    pages: 'Seiten',
    actions: 'Aktionen',
    users: 'Benutzer',
    tokens: 'Token',
    roles: 'Rollen',
    permissions: 'Berechtigungen',
    apis: 'APIs',
    settings: 'Einstellungen',
  },
  tasks: {
    newUser: 'Neuer Benutzer',
    newService: 'Neuer Dienst',
    importUsers: 'Benutzer importieren',
    newCanary: 'Neuer Köder',
    newTemplate: 'Neue Token-Vorlage',
    leaked: 'Als geleakt gemeldete Token',
    sessions: 'Sitzungen',
    canaries: 'Köder',
    offers: 'Token-Angebote, Abhollinks und Anforderungen',
    newToken: 'Neues API-Token',
    newRole: 'Neue Rolle',
    newApi: 'Neue API',
    eventTargets: 'Ereignisziele: Webhooks und E-Mail',
    newEventTarget: 'Neues Ereignisziel',
    explain: 'Ablehnung erklären',
    changePassword: 'Mein Passwort ändern',
  },
  theme: (theme) => `Farbschema: ${theme}`,
  language: (language) => `Sprache: ${language}`,
  rejectionsOf: (preview) => `Ablehnungen von ${preview}`,
  openToken: 'Token öffnen',
  explain: 'Anfrage erklären',
  secret: 'Das sieht nach einem Token aus. Das Geheimnis wird nirgendwohin gesendet.',
  searching: 'Suche läuft …',
  failed: 'Die Suche ist fehlgeschlagen. Ändern Sie den Text, um noch einmal zu suchen.',
  nothing: 'Nichts gefunden.',
  count: (total) => count(total, 'Ergebnis', 'Ergebnisse'),
  hints: { move: 'bewegen', open: 'öffnen', newTab: 'in neuem Tab' },
};
