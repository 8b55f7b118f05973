import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const settings: Texts['settings'] = {
  heading: 'Einstellungen',
  lede: 'Womit dieser Server läuft. Das wird beim Start aus der Umgebung gelesen: Ändern Sie es dort und starten Sie neu.',
  configuration: 'Konfiguration',
  filter: 'Nach Name oder Bedeutung filtern',
  count: (total) => count(total, 'Variable', 'Variablen'),
  noMatch: {
    heading: 'Keine Variable gefunden',
    text: 'Versuchen Sie ein anderes Wort.',
    action: 'Filter zurücksetzen',
  },
  columns: { name: 'Variable', value: 'Wert', source: 'Herkunft' },
  sources: { default: 'Vorgabe', environment: 'Umgebung', file: 'Datei' },
  isSet: 'gesetzt, wird niemandem gezeigt',
  isNotSet: 'nicht gesetzt',
  copyName: (name) => `${name} kopieren`,
  groups: {
    server: 'Server',
    database: 'Datenbank',
    firstStart: 'Erster Start',
    sessions: 'Sitzungen',
    tokens: 'API-Token',
    passwords: 'Passwörter und Anmeldung',
    audit: 'Protokoll',
    other: 'Weitere',
  },
  about: {
    heading: 'Über diesen Server',
    version: 'Version',
    licence: 'Lizenz',
    licenceName: 'MIT: frei zu nutzen, zu ändern und weiterzugeben',
    document: 'API-Dokument',
    page: 'Lesen',
    file: 'openapi.json',
    health: 'Zustand',
    ready: 'Bereit',
    notReady: 'Nicht bereit',
    noAnswer: 'Der Server ist nicht zu erreichen.',
    unknown: 'nicht bekannt',
    check: 'Erneut prüfen',
    remarks: 'Hinweise des Servers',
    remarkMeaning: 'Der Server arbeitet weiter.',
  },
  healthReasons: {
    'The server is stopping.': 'Der Server wird angehalten.',
    'The database does not answer.': 'Die Datenbank antwortet nicht.',
    'The disk has failed; look at it, then start the server again.':
      'Die Festplatte hat versagt; sehen Sie nach ihr und starten Sie den Server dann neu.',
  },
  healthRemarks: {
    'Revocations by other replicas are not heard just now, so every token is looked up.': {
      text: 'Was andere Server widerrufen, ist gerade nicht zu hören, deshalb wird jedes Token nachgeschlagen.',
      meaning:
        'Das ist nicht weniger sicher, nur langsamer: Bei jeder Anfrage wird die Datenbank gefragt. Der Server hört von selbst wieder zu, Sekunden nachdem er es kann.',
    },
    'Notifications of PostgreSQL do not arrive, so every token is looked up: DATABASE_URL must lead to the database itself, or through a pooler in session mode.':
      {
        text: 'Benachrichtigungen von PostgreSQL kommen nicht an, deshalb wird jedes Token nachgeschlagen: DATABASE_URL muss zur Datenbank selbst führen oder durch einen Pooler im Sitzungsmodus.',
        meaning:
          'Das ist nicht weniger sicher, nur langsamer: Bei jeder Anfrage wird die Datenbank gefragt, bis DATABASE_URL geändert und der Server neu gestartet ist.',
      },
    'The clock is more than 30 days ahead of the last time recorded in this database, so the server deletes no old data. Set the clock. If it is right, run: latchkey trust-clock':
      {
        text: 'Die Uhr geht gegenüber der zuletzt in dieser Datenbank vermerkten Zeit mehr als 30 Tage vor, deshalb löscht der Server keine alten Daten. Stellen Sie die Uhr. Falls sie richtig geht, führen Sie latchkey trust-clock aus.',
        meaning:
          'Abgelaufene Token, alte Tage des Prüfprotokolls und alte Zähler bleiben so lange erhalten. Ginge die Uhr falsch, wären gelöschte Daten endgültig verloren.',
      },
  },
  variables: {
    HOST: 'Adresse, an der der Server lauscht. 0.0.0.0 bedient andere Rechner: Stellen Sie TLS davor.',
    PORT: 'Port, an dem der Server lauscht.',
    DATABASE_URL:
      'Wo alles aufbewahrt wird: eine SQLite-Datei für einen Prozess oder PostgreSQL für einen oder mehrere.',
    LATCHKEY_DATA_DIR:
      'Ordner für das, was neben der Datenbank aufbewahrt wird: Protokollschlüssel und erste Anmeldung.',
    LATCHKEY_ADMIN_NAME:
      'Name des ersten Administrators; wird nur beim ersten Start auf einer leeren Datenbank gelesen.',
    LATCHKEY_ADMIN_PASSWORD:
      'Passwort des ersten Administrators. Ohne eines nennt der erste Start einen Einrichtungslink.',
    LATCHKEY_PUBLIC_URL: 'Adresse, unter der dieser Server für Menschen zu erreichen ist, für Links.',
    LATCHKEY_TRUSTED_PROXIES:
      'Proxys, deren X-Forwarded-For und X-Forwarded-Proto geglaubt wird: Adressen und CIDR-Blöcke.',
    LATCHKEY_CORS_ORIGINS: 'Herkünfte (Origins), deren Seiten die API aufrufen dürfen.',
    LATCHKEY_SESSION_IDLE_SECONDS: 'Eine Sitzung endet, wenn sie so lange nicht verlängert wird.',
    LATCHKEY_SESSION_MAX_SECONDS: 'Eine Sitzung endet spätestens so lange nach der Anmeldung.',
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: 'So lange lebt ein API-Token, wenn niemand etwas anderes sagt.',
    LATCHKEY_API_TOKEN_MAX_SECONDS:
      'Die längste Lebensdauer eines API-Tokens; ein längerer Wunsch wird gekürzt.',
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'Ob ein API-Token für immer leben darf.',
    LATCHKEY_API_TOKENS_PER_USER: 'So viele lebende API-Token darf ein Benutzer haben.',
    LATCHKEY_TOKEN_CACHE_SECONDS:
      'So lange darf einem geprüften Token geglaubt werden, ohne die Datenbank zu fragen; 0 = sie wird bei jeder Anfrage gefragt.',
    LATCHKEY_PASSWORD_MIN_LENGTH: 'So viele Zeichen hat ein neues Passwort mindestens; nicht unter 8.',
    LATCHKEY_ARGON2_MEMORY_KIB:
      'Speicher in KiB, den der Hash eines Passworts kostet. Wird er erhöht, entsteht jeder Hash bei der nächsten Anmeldung neu.',
    LATCHKEY_ARGON2_PASSES:
      'Durchgänge, die der Hash eines Passworts kostet. Werden es mehr, entsteht jeder Hash bei der nächsten Anmeldung neu.',
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT:
      'Gescheiterte Anmeldungen in 15 Minuten, nach denen ein Konto gebremst wird.',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS:
      'Gescheiterte Anmeldungen in 15 Minuten, nach denen eine Adresse abgewiesen wird.',
    LATCHKEY_WRITE_LIMIT_PER_USER:
      'Ändernde Anfragen, die ein Benutzer innerhalb von 24 Stunden senden darf. Für Anmeldungen gilt eine eigene, gleich hohe Grenze.',
    LATCHKEY_AUDIT_KEY:
      'Schlüssel, der das Protokoll versiegelt. PostgreSQL braucht einen; bei SQLite entsteht einer im Datenordner, wenn keiner angegeben ist.',
    LATCHKEY_AUDIT_RETENTION_DAYS: 'So viele Tage wird das Protokoll aufbewahrt; 0 = für immer.',
    LATCHKEY_METRICS:
      'Wer /metrics lesen darf: wer metrics:read hat (token), alle (open) oder niemand (off).',
    LATCHKEY_LOG_LEVEL: 'Wie viel ins Log geschrieben wird: fatal, error, warn, info, debug oder trace.',
    LATCHKEY_DATABASE_POOL:
      'Verbindungen zu PostgreSQL im Vorrat; daneben hört eine auf andere Server, und zwei tun zeitweise Hintergrundarbeit.',
    LATCHKEY_STATEMENT_TIMEOUT_MS:
      'So lange darf eine Anweisung oder eine ganze Transaktion in PostgreSQL dauern, in Millisekunden.',
    LATCHKEY_DRAIN_SECONDS:
      'So lange nimmt ein Server beim Herunterfahren noch Anfragen an, damit Lastverteiler auf andere Server umschalten.',
    LATCHKEY_SHUTDOWN_SECONDS: 'So lange wartet ein Anhalten auf laufende Anfragen.',
  },
};
