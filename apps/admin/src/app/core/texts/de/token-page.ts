import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
/** Returns a sentence with a capital letter. */
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const times = (uses: number) => `${uses.toLocaleString('de')}-mal`;

export const tokenPage: Texts['tokenPage'] = {
  back: 'Alle Token',
  tabs: { details: 'Details', history: 'Verlauf' },
  historySides: { actor: 'Mit diesem Token', subject: 'Über dieses Token' },
  banner: {
    canaryUsed: (when, address) =>
      `Dieser Köder wurde ${when}${address === undefined ? '' : ` von ${address}`} verwendet.`,
    explain: 'Erklären',
    leaked: (when, isRevoked) =>
      sentence(`${when} als geleakt gemeldet${isRevoked ? ' und sofort widerrufen' : ''}.`),
    revoked: 'Widerrufen.',
    revokedBy: (actor, when, reason) =>
      sentence(`${when} durch ${actor} widerrufen${reason === '' ? '.' : `: ${reason}`}`),
    expired: (when) => `Abgelaufen am ${when}.`,
    usedUp: 'Alle Verwendungen sind verbraucht.',
    expiring: (when) => `Läuft ${when} ab.`,
    pending: (when) => `Gültig ab ${when}.`,
    disabled: 'Deaktiviert. Der Server lehnt dieses Token ab, bis es jemand aktiviert.',
    disabledAfterLeak: 'Wegen der Meldung deaktiviert. Erneuern Sie das Token, bevor Sie es aktivieren.',
    ownerDisabled: (user) =>
      `Der Inhaber ist deaktiviert. Dieses Token gilt wieder, sobald ${user} aktiviert ist.`,
  },
  facts: {
    createdByHand: 'Name und Passwort oder einer Sitzung, die nicht mehr existiert',
    lastUse: 'Zuletzt verwendet',
  },
  scope: {
    heading: 'Rollen und Berechtigungen',
    editLead:
      'Das Token verliert entfernte Rollen und Berechtigungen sofort, ebenso die Token, die mit ihm erstellt wurden.',
    lastUsed: (day) => `zuletzt verwendet am ${day}`,
    neverUsed: 'nie verwendet',
    removeUnused: 'Ungenutzte Berechtigungen entfernen',
    unusedQuestion: {
      heading: (total) =>
        `${count(total, 'ungenutzte Berechtigung', 'ungenutzte Berechtigungen')} entfernen?`,
      text: 'Seit Beginn der Aufzeichnung hat keine Anfrage sie gebraucht. Sie werden auch aus Token entfernt, die mit diesem erstellt wurden.',
      action: 'Entfernen',
    },
    unusedRemoved: (total) =>
      `${count(total, 'ungenutzte Berechtigung', 'ungenutzte Berechtigungen')} entfernt.`,
    limited:
      'Gespeichert. Das Token hat weniger als ausgewählt, weil sein Ersteller nicht alles davon vergeben konnte.',
  },
  use: {
    heading: 'Verwendung in den letzten 90 Tagen',
    chart: 'Diagramm',
    table: 'Tabelle',
    view: 'Ansicht',
    none: 'In den letzten 90 Tagen nicht verwendet.',
    summary: (uses, days, most, day) =>
      `An ${count(days, 'Tag', 'Tagen')} insgesamt ${times(uses)} verwendet. Am häufigsten am ${day}: ${times(most)}.`,
    bar: (day, uses, superseded) =>
      superseded === 0
        ? `${day}: ${times(uses)}`
        : `${day}: ${times(uses)}, dazu ${times(superseded)} mit dem alten Geheimnis`,
    today: 'heute',
    current: 'Geheimnis',
    superseded: 'Altes Geheimnis',
    columns: {
      day: 'Tag (UTC)',
      uses: 'Verwendungen',
      superseded: 'Mit dem alten Geheimnis',
      address: 'Letzte Adresse',
      agent: 'Letzter User-Agent',
    },
    places: 'Verwendet von',
    reportedBy: (names) => `gemeldet von ${names}`,
    place: { address: 'Adresse', agent: 'User-Agent', last: 'Letzter Tag' },
    unknown: 'unbekannt',
  },
  rotation: {
    heading: 'Erneuerung',
    unused: 'Das alte Geheimnis wurde seit der Erneuerung nicht verwendet.',
    rarely: 'Selten laufende Clients benötigen es möglicherweise noch.',
    idle: (when) => `Das alte Geheimnis wird nicht mehr verwendet. Letzte Verwendung: ${when}.`,
    used: (when, address) => `Das alte Geheimnis wird noch verwendet, zuletzt ${when} von ${address}.`,
    expired: 'Das alte Geheimnis ist abgelaufen.',
    lateUse: (when, address) => `Letzte Verwendung: ${when} von ${address}.`,
    until: (until, distance) => `Es ist gültig bis ${until}, ${distance}.`,
    workedUntil: (until) => `Es war gültig bis ${until}.`,
    uses: 'Verwendungen seit der Erneuerung',
    lastUse: 'Letzte Verwendung',
    somewhere: 'einer unbekannten Adresse',
    revoke: 'Altes Geheimnis widerrufen',
    revokeQuestion: {
      heading: 'Altes Geheimnis widerrufen?',
      text: 'Clients mit dem alten Geheimnis funktionieren sofort nicht mehr. Das neue bleibt gültig. Das lässt sich nicht rückgängig machen.',
    },
    revoked: 'Altes Geheimnis widerrufen.',
  },
  saved: 'Token gespeichert.',
  editing: {
    headings: {
      note: 'Token bearbeiten',
      scope: 'Rollen und Berechtigungen ändern',
      limits: 'Beschränkungen und Metadaten ändern',
    },
    note: 'Notiz',
    change: 'Ablaufdatum ändern',
  },
};
