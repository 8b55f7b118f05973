import { type EventDataDto } from '@latchkey/auth-models';
import { type MailTexts } from './mail-texts.js';

function ofUser({ users: [first, ...others] = [] }: EventDataDto): string {
  return first === undefined
    ? ''
    : others.length === 0
      ? ` von ${first.name}`
      : ` von ${others.length + 1} Benutzern`;
}

const byActor = ({ actor }: EventDataDto) => (actor === undefined ? '' : ` durch ${actor.name}`);

/** Returns `Ein Token`, `3 Token` or `Alle Token`. */
function tokens({ tokens: affected = [], allTokens }: EventDataDto): string {
  return allTokens ? 'Alle Token' : affected.length < 2 ? 'Ein Token' : `${affected.length} Token`;
}

const within = ({ days }: EventDataDto) =>
  days === 1 ? 'innerhalb eines Tages' : `innerhalb von ${days} Tagen`;

/** German texts of messages. */
export const de: MailTexts = {
  footer: (server) => `Diese Nachricht stammt von Latchkey unter ${server}. Antworten werden nicht gelesen.`,
  test: {
    subject: 'Testnachricht von Latchkey',
    text: 'Mit diesen Einstellungen kann Latchkey E-Mails senden.',
  },
  setUp: {
    subject: 'Legen Sie Ihr Passwort fest',
    text: (sender, user) =>
      `${sender} hat Ihnen einen Link gesendet, mit dem Sie das Passwort für „${user}“ festlegen können.`,
    link: 'Passwort festlegen',
  },
  lostPassword: {
    subject: 'Legen Sie ein neues Passwort fest',
    text: (user) => `Jemand hat einen Link angefordert, um ein neues Passwort für „${user}“ festzulegen.`,
    ignore: 'Wenn Sie das nicht waren, ignorieren Sie diese Nachricht. Ihr Passwort hat sich nicht geändert.',
  },
  linkUse: (until) => `Der Link funktioniert einmal, bis ${until}.`,
  offer: {
    subject: 'Ein API-Token für Sie',
    text: (sender, user) => `${sender} bietet „${user}“ ein API-Token an.`,
    note: (note) => `Notiz: ${note}`,
    link: 'Token erstellen',
    secret:
      'Nur Sie sehen das Geheimnis. Wer den Link zuerst verwendet, erhält das Token. Leiten Sie ihn deshalb nicht weiter.',
  },
  events: {
    'token.expiring': (data) =>
      `${tokens(data)}${ofUser(data)} ${(data.tokens ?? []).length > 1 ? 'laufen' : 'läuft'} ${within(data)} ab`,
    'token.created': (data) => `${tokens(data)}${ofUser(data)} erstellt${byActor(data)}`,
    'token.rotated': (data) => `${tokens(data)}${ofUser(data)} erneuert${byActor(data)}`,
    'token.revoked': (data) => `${tokens(data)}${ofUser(data)} widerrufen${byActor(data)}`,
    'token.leaked': (data) => `${tokens(data)}${ofUser(data)} als geleakt gemeldet`,
    'token.canary_used': (data) => `Jemand hat einen Köder${ofUser(data)} verwendet`,
    'token.old_secret_used': (data) =>
      `Ein Client verwendet noch das alte Geheimnis eines Tokens${ofUser(data)}`,
    'verifier.token_expiring': (data) => `Das Token eines Verifiers läuft ${within(data)} ab`,
    'user.disabled': ({ users: [first, ...others] = [], ...data }) =>
      `${others.length === 0 ? `Benutzer ${first?.name ?? ''}` : `${others.length + 1} Benutzer`} deaktiviert${byActor(data)}`,
    'login.new_network': ({ users: [user] = [] }) =>
      `${user?.name ?? 'Ein Benutzer'} hat sich aus einem neuen Netz angemeldet`,
    'offer.waiting': (data) => `${data.actor?.name ?? 'Jemand'} fordert ein Token an`,
    'audit.check_failed': () => 'Eine Prüfung des Audit-Protokolls hat Probleme gefunden',
    'backup.overdue': () => 'Die Datenbank wurde seit mehr als einer Woche nicht gesichert',
  },
  eventCount: (count) => `${count} Ereignisse`,
  moreEvents: (count) => `Das Audit-Protokoll enthält ${count} weitere Ereignisse.`,
  openConsole: 'Latchkey öffnen',
  detail: {
    time: (time) => `Zeit: ${time}`,
    token: (token, user) => `Token von ${user}: ${token}`,
    tokenUntil: (token, user, until) => `Token von ${user}: ${token}, Ablaufdatum ${until}`,
    address: (address) => `Adresse: ${address}`,
    reason: (reason) => `Grund: ${reason}`,
    source: (source) => `Gefunden von: ${source}`,
    url: (url) => `Gefunden auf: ${url}`,
    count: (count) => `Anzahl: ${count}`,
    lastBackup: (time) => `Letzte Sicherung: ${time}`,
  },
};
