import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const home: Texts['home'] = {
  heading: 'Start',
  lede: 'Was auf Sie wartet, und wie es dem Server geht.',
  ledeOwn: 'Was auf Sie wartet.',
  inbox: 'Token, nach denen jemand sehen sollte',
  calm: {
    heading: 'Nichts zu tun',
    text: 'Kein Token endet bald, liegt ungenutzt herum oder gehört jemandem, der nicht mehr da ist.',
  },
  count: (total) => count(total, 'Token', 'Token'),
  showAll: (total) => `Alle ${total.toLocaleString('de')} zeigen`,
  groups: {
    expiring: { heading: 'Enden binnen 14 Tagen', why: 'Was sie benutzt, geht dann nicht mehr.' },
    ownerDisabled: {
      heading: 'Inhaber deaktiviert',
      why: 'Sie gelten wieder, sobald der Inhaber aktiviert wird.',
    },
    neverUsed: {
      heading: 'Nie benutzt, älter als 7 Tage',
      why: 'Wer sie brauchte, hat einen anderen Weg gefunden.',
    },
    unused: {
      heading: 'Seit 90 Tagen unbenutzt',
      why: 'Ein Geheimnis, das niemand vermisst, ist eins zu viel.',
    },
    noExpiry: { heading: 'Ohne Ende', why: 'Ein durchgesickertes Token gilt, bis es jemand bemerkt.' },
  },
  facts: { ends: 'endet', created: 'angelegt', lastUsed: 'zuletzt benutzt', neverUsed: 'nie benutzt' },
  actions: {
    one: { extend: 'Um 90 Tage verlängern', setEnd: 'In 90 Tagen enden', revoke: 'Widerrufen' },
    all: {
      extend: (total) => `Alle ${total} verlängern`,
      setEnd: (total) => `${total} ein Ende geben`,
      revoke: (total) => `Alle ${total} widerrufen`,
    },
    of: (action, token) => `${action}: ${token}`,
  },
  changed: (total) => `${count(total, 'Token ist', 'Token sind')} geändert.`,
  changedPartly: (done, refused) =>
    `${count(done, 'Token ist', 'Token sind')} geändert; bei ${refused} ging es nicht.`,
  questions: {
    revoke: {
      heading: (total) => `${count(total, 'Token', 'Token')} widerrufen?`,
      text: 'Was sie benutzt, hört sofort auf zu gehen und braucht neue Token. Das lässt sich nicht rückgängig machen.',
    },
    extend: {
      heading: (total) => `${count(total, 'Token', 'Token')} verlängern?`,
      text: 'Sie enden in 90 Tagen, oder nach der längsten Dauer, die der Server erlaubt.',
    },
    setEnd: {
      heading: (total) => `${count(total, 'Token', 'Token')} ein Ende geben?`,
      text: 'Sie enden in 90 Tagen, oder nach der längsten Dauer, die der Server erlaubt. Bis dahin lässt sich jedes verlängern.',
    },
  },
  figures: {
    heading: 'Zahlen',
    users: 'Benutzer',
    usersNote: (disabled) => (disabled === 0 ? 'alle aktiv' : `${disabled} deaktiviert`),
    tokens: 'Gültige Token',
    tokensNote: (sessions) => count(sessions, 'Sitzung', 'Sitzungen'),
    logins: 'Anmeldungen heute',
    loginsNote: 'seit Mitternacht UTC',
    failures: 'Heute gescheitert',
    failuresNote: (unknown) => `${unknown} mit unbekannten Namen`,
  },
  manySessions: (name, sessions) =>
    `${name} hat ${count(sessions, 'laufende Sitzung', 'laufende Sitzungen')}: vermutlich ein Programm, das sich für jede Anfrage anmeldet.`,
  chart: {
    heading: 'Anmeldungen in 30 Tagen',
    successes: 'Eingelassen',
    failures: 'Gescheitert',
    asTable: 'Als Tabelle',
    asChart: 'Als Diagramm',
    day: 'Tag',
    summary: (successes, failures) =>
      `${count(successes, 'Anmeldung', 'Anmeldungen')} eingelassen und ${failures.toLocaleString('de')} gescheitert in den letzten 30 Tagen.`,
  },
  welcome: {
    heading: 'Willkommen. Ihr erster Aufruf',
    lede: 'Fügen Sie das in ein Terminal ein. Es fragt nach Ihrem Passwort, und die Antwort ist der Wert für X-Auth-Token.',
    waiting: 'Wartet auf Ihren Aufruf …',
    seen: (agent) => `Der Server hat ihn gesehen, von ${agent}.`,
    service: 'Dienst mit erstem Token anlegen',
    document: 'Alle Aufrufe ansehen',
    dismiss: 'Nicht mehr zeigen',
  },
};
