import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const events: Texts['events'] = {
  lead: 'Ziele erhalten Ereignisse per Webhook oder E-Mail, etwa wenn ein Token geleakt ist oder bald abläuft.',
  search: 'Name, URL oder Adresse suchen',
  count: (total) => count(total, 'Ziel', 'Ziele'),
  showAll: (total) => `Alle ${count(total, 'Ziel', 'Ziele')} anzeigen`,
  empty: {
    heading: 'Keine Ereignisziele',
    text: 'Legen Sie ein Ziel an, um von geleakten Token und anderen Ereignissen zu erfahren, ohne die Konsole zu öffnen.',
    textReadOnly: 'Von geleakten Token und anderen Ereignissen erfährt nur, wer die Konsole öffnet.',
  },
  columns: {
    name: 'Ziel',
    destination: 'Sendet an',
    types: 'Ereignisse',
    state: 'Status',
    kind: 'Art',
    creationTime: 'Angelegt',
  },
  sorts: {
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    kind: 'E-Mail zuerst',
    '-kind': 'Webhooks zuerst',
    '-creationTime': 'Neueste zuerst',
  },
  failingFilter: 'Status',
  failingOnly: 'Funktioniert nicht',
  kinds: { webhook: 'Webhook', email: 'E-Mail' },
  kindHints: {
    webhook: 'Eine HTTP-Anfrage an Ihr Programm, einen Chat oder Alertmanager.',
    email:
      'Eine Nachricht an Adressen oder an die betroffenen Benutzer. Erfordert LATCHKEY_SMTP_URL auf dem Server.',
  },
  formats: {
    standard: 'Signierter Webhook',
    slack: 'Slack oder Mattermost',
    teams: 'Microsoft Teams',
    alertmanager: 'Alertmanager',
  },
  formatHints: {
    standard: 'JSON für Ihr eigenes Programm, signiert nach Standard Webhooks.',
    slack: 'Eine Nachricht in einem Kanal. Die URL ist das Geheimnis.',
    teams: 'Eine Adaptive Card in einem Kanal. Die URL ist das Geheimnis.',
    alertmanager: 'Ein Alarm für die API von Alertmanager, Version 2. Nicht signiert.',
  },
  schedules: { immediate: 'Sofort', daily: 'Einmal täglich' },
  languages: { en: 'Englisch', de: 'Deutsch' },
  states: {
    enabled: 'Aktiv',
    disabled: 'Deaktiviert',
    failing: 'Fehlerhaft',
    stopped: 'Vom Server deaktiviert',
  },
  firstFailure: 'erster Fehler',
  waiting: (total) => `${total.toLocaleString('de')} wartend`,
  owners: 'die betroffenen Benutzer',
  andMore: (shown, others) => `${shown} und ${others} weitere`,
  allTypes: 'Alle Ereignisse',
  typeCount: (types) => count(types, 'Typ', 'Typen'),
  onlyUser: (user) => `nur ${user}`,
  onlyApi: (api) => `nur ${api}`,
  typeGroups: { tokens: 'Token', users: 'Benutzer und Anmeldungen', server: 'Server' },
  types: {
    'token.expiring': {
      label: 'Token läuft bald ab',
      text: '30, 14, 7 Tage und 1 Tag vor dem Ablaufdatum eines API-Tokens.',
    },
    'token.created': {
      label: 'Token erstellt',
      text: 'Jemand hat ein Token erstellt oder einen Abhollink verwendet.',
    },
    'token.rotated': { label: 'Token erneuert', text: 'Ein Token hat ein neues Geheimnis.' },
    'token.revoked': {
      label: 'Token widerrufen',
      text: 'Jemand hat ein Token oder alle Token eines Benutzers widerrufen.',
    },
    'token.leaked': { label: 'Token geleakt', text: 'Jemand hat ein Token als geleakt gemeldet.' },
    'token.canary_used': {
      label: 'Köder verwendet',
      text: 'Jemand hat die Stelle gelesen, an der Sie einen Köder hinterlassen haben.',
    },
    'token.old_secret_used': {
      label: 'Altes Geheimnis noch in Gebrauch',
      text: 'Ein Client verwendet noch das alte Geheimnis eines erneuerten Tokens und fällt innerhalb eines Tages aus.',
    },
    'verifier.token_expiring': {
      label: 'Token eines Verifiers läuft bald ab',
      text: 'Ein Dienst braucht dieses Token, um andere zu prüfen. Ohne das Token lehnt er alle Anfragen ab.',
    },
    'offer.waiting': {
      label: 'Token angefordert',
      text: 'Ein Benutzer fordert ein Token an. Jemand muss es genehmigen.',
    },
    'user.disabled': {
      label: 'Benutzer deaktiviert',
      text: 'Ein Benutzer kann sich nicht mehr anmelden und seine Token nicht mehr verwenden.',
    },
    'login.new_network': {
      label: 'Anmeldung aus einem neuen Netz',
      text: 'Ein Benutzer hat sich aus einem Netz angemeldet, das er zuvor nicht verwendet hat.',
    },
    'audit.check_failed': {
      label: 'Audit-Protokoll nicht intakt',
      text: 'Eine Prüfung hat geänderte oder fehlende Einträge gefunden.',
    },
    'backup.overdue': { label: 'Sicherung überfällig', text: 'Die letzte Sicherung ist über 8 Tage alt.' },
  },
  form: {
    nameHint: 'Kleinbuchstaben, Ziffern und Bindestriche. Der Name lässt sich später nicht ändern.',
    kind: 'Versand',
    url: 'URL',
    urlHint: 'Beginnt mit https://. Für Empfänger im eigenen Netz setzen Sie LATCHKEY_EVENT_HOSTS.',
    format: 'Format',
    addresses: 'Adressen',
    addressesHint: 'Eine pro Zeile, höchstens 20.',
    toOwners: 'Auch an die betroffenen Benutzer senden',
    toOwnersHint:
      'Jeder Benutzer erhält die Ereignisse zu seinen eigenen Token, bei Diensten die verantwortliche Person.',
    schedule: 'Zeitpunkt',
    scheduleHints: {
      immediate: 'Eine Nachricht pro Ereignis, höchstens eine pro Minute.',
      daily: 'Eine einzige Nachricht mit allen Ereignissen des Tages.',
    },
    language: 'Sprache der Nachrichten',
    types: 'Ereignisse',
    filters: 'Ereignisse einschränken',
    user: 'Nur für diesen Benutzer',
    userHint: 'Ereignisse zum Benutzer und seinen Token. Leer: alle Benutzer.',
    api: 'Nur für diese API',
    apiHint: 'Ereignisse zu Token, die auf Berechtigungen der API beschränkt sind. Leer: alle Token.',
    action: 'Ziel anlegen',
  },
  edit: (name) => `${name} bearbeiten`,
  secret: {
    created: (name) => `${name} angelegt`,
    rotated: (name) => `Neues Geheimnis von ${name}`,
    text: 'Mit diesem Geheimnis prüft Ihr Programm, dass die Anfragen von Latchkey stammen.',
    overlap:
      'Die Anfragen sind 24 Stunden lang auch mit dem alten Geheimnis signiert. Hinterlegen Sie bis dahin das neue in Ihrem Programm.',
    copy: 'Geheimnis kopieren',
  },
  page: {
    back: 'Alle Ereignisziele',
    test: 'Testereignis senden',
    testing: 'Wird gesendet …',
    tested: 'Das Ziel hat das Testereignis erhalten.',
    notTested: 'Das Testereignis ist nicht angekommen.',
    enable: 'Aktivieren',
    disable: 'Deaktivieren',
    enabled: (name) => `${name} aktiviert.`,
    disabled: (name) => `${name} deaktiviert.`,
    rotate: 'Geheimnis erneuern',
    redeliver: 'Ereignisse erneut zustellen …',
    facts: 'Einstellungen',
    oldSecret: 'Altes Geheimnis gilt bis',
    filters: 'Eingeschränkt auf',
    noFilters: 'Keine Einschränkung',
    hiddenPath: 'Der Pfad ist verborgen, weil er geheim sein kann.',
    failing: 'Zustellungen schlagen fehl. Erster Fehler:',
    failingText:
      'Latchkey versucht es in immer größeren Abständen erneut und deaktiviert das Ziel nach 20 Tagen.',
    stopped: {
      gone: 'Der Empfänger hat mit 410 geantwortet: Er nimmt keine Anfragen mehr an.',
      failing: 'Alle Zustellungen sind 20 Tage lang fehlgeschlagen.',
      too_many_waiting: 'Es warteten zu viele Zustellungen.',
    },
    stoppedText:
      'Beheben Sie den Fehler beim Empfänger, aktivieren Sie das Ziel und stellen Sie die verpassten Ereignisse erneut zu.',
  },
  questions: {
    rotate: {
      heading: (name) => `Geheimnis von ${name} erneuern?`,
      text: 'Das neue Geheimnis wird nur einmal angezeigt. Die Anfragen sind 24 Stunden lang auch mit dem bisherigen signiert. Ein noch älteres Geheimnis gilt sofort nicht mehr.',
    },
    disable: {
      heading: (name) => `${name} deaktivieren?`,
      text: 'Das Ziel erhält keine Ereignisse mehr, und wartende Zustellungen werden verworfen. Sie können sie später erneut zustellen.',
    },
    delete: {
      heading: (name) => `${name} löschen?`,
      text: 'Das Ziel erhält keine Ereignisse mehr. Auch seine Zustellungen und sein Geheimnis werden gelöscht. Das lässt sich nicht rückgängig machen.',
    },
  },
  deliveries: {
    heading: 'Zustellungen',
    refresh: 'Aktualisieren',
    filter: 'Status',
    all: 'Alle',
    states: { waiting: 'Wartend', delivered: 'Zugestellt', failed: 'Fehlgeschlagen' },
    none: 'Es gibt noch keine Zustellungen.',
    noneYet: 'Senden Sie ein Testereignis, um das Ziel zu prüfen.',
    noneInState: 'Es gibt keine Zustellungen mit diesem Status.',
    kept: 'Zustellungen werden 30 Tage aufbewahrt.',
    attempts: (total) => count(total, 'Versuch', 'Versuche'),
    status: (status) => `HTTP ${status}`,
    duration: (milliseconds) => `${milliseconds} ms`,
    to: (recipient) => `an ${recipient}`,
    first: 'Versand',
    queued: 'nach einem früheren Ereignis',
    next: 'nächster Versuch',
    soon: 'innerhalb einer Minute',
    again: 'Erneut zustellen',
    againOf: (type, time) => `Erneut zustellen: ${type}, ${time}`,
    sent: 'Das Ereignis wird erneut zugestellt.',
    notSent: 'Das Ziel erhält dieses Ereignis nicht mehr.',
    older: 'Ältere',
    newest: 'Neueste',
  },
  redeliver: {
    heading: 'Ereignisse erneut zustellen',
    text: (name) =>
      `${name} erhält alle Ereignisse seit diesem Zeitpunkt noch einmal, auch die verpassten aus der Zeit, in der das Ziel deaktiviert war. Empfänger erkennen Duplikate an ihrer ID.`,
    since: 'Seit',
    action: 'Erneut zustellen',
    done: (total) =>
      total === 0
        ? 'Seitdem gab es keine Ereignisse.'
        : `${count(total, 'Ereignis', 'Ereignisse')} zur erneuten Zustellung vorgemerkt.`,
  },
};
