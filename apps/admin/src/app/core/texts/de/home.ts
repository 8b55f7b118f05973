import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const tokens = (total: number) => count(total, 'Token', 'Token');

export const home: Texts['home'] = {
  lead: 'Token mit Handlungsbedarf und der Zustand des Servers.',
  leadOwn: 'Token mit Handlungsbedarf.',
  unprotected: (total) =>
    count(total, 'Administrator ohne zweiten Faktor', 'Administratoren ohne zweiten Faktor'),
  copiedPasskeys: (total) =>
    count(
      total,
      'Benutzer mit einem möglicherweise kopierten Passkey',
      'Benutzer mit möglicherweise kopierten Passkeys',
    ),
  showUsers: 'Benutzer anzeigen',
  failingTargets: (total) => `${total} Ereignisziele funktionieren nicht`,
  showTargets: 'Ziele anzeigen',
  showTarget: 'Ziel anzeigen',
  failingTarget: (name) => `Das Ereignisziel ${name} funktioniert nicht`,
  inbox: 'Handlungsbedarf',
  empty: {
    heading: 'Nichts zu tun',
    text: 'Kein Token läuft bald ab, ist ungenutzt oder gehört einem deaktivierten Benutzer.',
  },
  tidyUp: (total) => `Aufräumen (${total.toLocaleString('de')})`,
  showAll: (total) => `Alle ${total.toLocaleString('de')} anzeigen`,
  groups: {
    canaryUsed: {
      heading: 'Köder verwendet',
      reason:
        'Jemand hatte Zugriff auf den Ort, an dem er liegt. Suchen Sie die Adresse im Audit-Protokoll, und widerrufen Sie den Köder dann.',
    },
    leaked: {
      heading: 'Als geleakt gemeldet',
      reason: 'Clients mit diesen Token brauchen neue. Prüfen Sie im Audit-Protokoll, was damit geschah.',
    },
    verifying: {
      heading: 'Verifier läuft innerhalb von 14 Tagen ab',
      reason: 'Dienste, die mit diesen Token prüfen, weisen dann alle Anfragen ab.',
    },
    expiring: {
      heading: 'Läuft innerhalb von 14 Tagen ab',
      reason: 'Clients mit diesen Token verlieren den Zugriff.',
    },
    ownerDisabled: {
      heading: 'Inhaber deaktiviert',
      reason: 'Diese Token gelten wieder, sobald der Inhaber aktiviert wird.',
    },
    neverUsed: {
      heading: 'Nie verwendet, älter als 7 Tage',
      reason: 'Anscheinend braucht kein Client diese Token.',
    },
    unused: {
      heading: 'Seit 90 Tagen nicht verwendet',
      reason: 'Anscheinend braucht kein Client diese Token mehr.',
    },
    noExpiry: { heading: 'Kein Ablaufdatum', reason: 'Ein gestohlenes Token gilt, bis es widerrufen wird.' },
    unusedPermissions: {
      heading: 'Ungenutzte Berechtigungen',
      reason:
        'Diese Token haben Berechtigungen, die noch keine Anfrage gebraucht hat. Entfernen Sie sie auf der Seite des Tokens.',
    },
  },
  verifiesFor: (names) => `prüft für ${names.join(', ')}`,
  facts: {
    reported: 'gemeldet',
    expires: 'läuft ab',
    created: 'erstellt',
    lastUsed: 'zuletzt verwendet',
    neverUsed: 'nie verwendet',
  },
  actions: {
    respond: 'Reagieren',
    one: { extend: 'Um 90 Tage verlängern', setExpiry: 'In 90 Tagen ablaufen lassen', revoke: 'Widerrufen' },
    all: {
      extend: (total) => `Alle ${total} verlängern`,
      setExpiry: (total) => `Ablaufdatum für ${total} setzen`,
      revoke: (total) => `Alle ${total} widerrufen`,
    },
    of: (action, token) => `${action}: ${token}`,
  },
  menu: {
    of: (name) => `Weitere Aktionen: ${name}`,
    hide: (total) =>
      total === 1 ? 'Ausblenden, bis sich etwas ändert' : `Alle ${total} ausblenden, bis sich etwas ändert`,
  },
  hidden: {
    heading: 'Ausgeblendete Token',
    count: (total) => `${tokens(total)} ausgeblendet`,
    show: 'Anzeigen',
    since: 'ausgeblendet',
    again: 'Wieder anzeigen',
    allAgain: (total) => `Alle ${total} wieder anzeigen`,
    shownAgain: (total) => `${tokens(total)} wieder angezeigt.`,
  },
  changed: (total) => `${tokens(total)} geändert.`,
  changedPartly: (done, rejected) => `${tokens(done)} geändert, ${rejected} nicht geändert.`,
  questions: {
    hide: {
      heading: (total) => `${tokens(total)} für alle Administratoren ausblenden?`,
      text: 'Ein Token erscheint wieder, wenn es als geleakt gemeldet wird, wenn ein Köder erneut verwendet wird, und 14 Tage vor dem Ablauf.',
    },
    revoke: {
      heading: (total) => `${tokens(total)} widerrufen?`,
      text: 'Clients mit diesen Token verlieren sofort den Zugriff und brauchen neue. Das lässt sich nicht rückgängig machen.',
    },
    extend: {
      heading: (total) => `${tokens(total)} verlängern?`,
      text: 'Sie laufen in 90 Tagen ab, oder früher, wenn der Server eine kürzere Höchstdauer vorgibt.',
    },
    setExpiry: {
      heading: (total) => `Ablaufdatum für ${tokens(total)} setzen?`,
      text: 'Sie laufen in 90 Tagen ab, oder früher, wenn der Server eine kürzere Höchstdauer vorgibt. Bis dahin können Sie sie verlängern.',
    },
  },
  stats: {
    heading: 'Statistik',
    users: 'Benutzer',
    usersNote: (disabled) => (disabled === 0 ? 'alle aktiv' : `${disabled} deaktiviert`),
    tokens: 'Gültige Token',
    tokensNote: (sessions) => count(sessions, 'Sitzung', 'Sitzungen'),
    logins: 'Anmeldungen heute',
    loginsNote: 'seit Mitternacht UTC',
    failures: 'Heute fehlgeschlagen',
    failuresNote: (unknown) => `${unknown} mit unbekanntem Namen`,
  },
  manySessions: (name, sessions) =>
    `${name} hat ${count(sessions, 'gültige Sitzung', 'gültige Sitzungen')}, vermutlich durch ein Programm, das sich für jede Anfrage anmeldet.`,
  chart: {
    heading: 'Anmeldungen der letzten 30 Tage',
    successes: 'Erfolgreich',
    failures: 'Fehlgeschlagen',
    asTable: 'Als Tabelle',
    asChart: 'Als Diagramm',
    day: 'Tag',
    summary: (successes, failures) =>
      `${count(successes, 'erfolgreiche Anmeldung', 'erfolgreiche Anmeldungen')} und ${failures.toLocaleString('de')} fehlgeschlagene in den letzten 30 Tagen.`,
  },
  welcome: {
    heading: 'Willkommen! Senden Sie Ihre erste Anfrage',
    text: 'Führen Sie diesen Befehl in einem Terminal aus. Er fragt nach Ihrem Passwort und gibt den Wert für X-Auth-Token aus.',
    waiting: 'Warten auf Ihre Anfrage …',
    received: (agent) => `Anfrage von ${agent} empfangen.`,
    service: 'Dienst mit erstem Token anlegen',
    document: 'API-Dokumentation lesen',
    dismiss: 'Nicht mehr anzeigen',
  },
};
