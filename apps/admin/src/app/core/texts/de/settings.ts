import {
  HEALTH_REASONS,
  HEALTH_REMARKS,
  type HealthReason,
  type HealthRemark,
} from '@latchkey/auth-models/lists';
import { counting } from '../counting';
import type { HealthRemarkText } from '../en/settings';
import type { Texts } from '../texts';

const count = counting('de');

export const settings: Texts['settings'] = {
  lead: 'Geltende Konfiguration dieses Servers. Um einen Wert zu ändern, setzen Sie die Umgebungsvariable und starten Sie den Server neu.',
  configuration: 'Konfiguration',
  filter: 'Nach Name oder Beschreibung filtern',
  count: (total) => count(total, 'Variable', 'Variablen'),
  noMatch: {
    heading: 'Keine passenden Variablen',
    text: 'Versuchen Sie ein anderes Wort.',
    action: 'Filter zurücksetzen',
  },
  source: 'Herkunft',
  sources: { default: 'Standardwert', environment: 'Umgebung', file: 'Datei' },
  isSet: 'gesetzt, Wert verborgen',
  isNotSet: 'nicht gesetzt',
  copyName: (name) => `${name} kopieren`,
  common: 'Grundeinstellungen',
  advanced: 'Erweiterte Einstellungen',
  about: {
    heading: 'Über diesen Server',
    version: 'Version',
    licence: 'Lizenz',
    licenceName: 'MIT',
    document: 'API',
    page: 'Dokumentation',
    file: 'openapi.json',
    health: 'Status',
    ready: 'Betriebsbereit',
    notReady: 'Nicht bereit',
    noResponse: 'Der Server ist nicht erreichbar.',
    check: 'Erneut prüfen',
    remarks: 'Serverwarnungen',
    remarkExplanation: 'Der Server arbeitet weiter.',
  },
  state: {
    heading: 'Zustand',
    backup: 'Letzte Sicherung',
    external: 'PostgreSQL hat eigene Werkzeuge wie pg_dump. Prüfen Sie, ob Ihre Sicherungen laufen.',
    noBackup: 'Keine Sicherung bekannt',
    audit: 'Audit-Protokoll',
    intact: (entries) => `Intakt, ${count(entries, 'Eintrag', 'Einträge')}`,
    problems: (total) => `Nicht intakt: ${count(total, 'Problem', 'Probleme')}`,
    headDiffers: 'Enthält den angegebenen Head nicht',
    verified: 'geprüft',
    neverVerified: 'Nie geprüft',
    copy: 'Befehl kopieren',
  },
  verifiers: {
    heading: 'Server und Verifier',
    refresh: 'Aktualisieren',
    replicas: 'Server an dieser Datenbank',
    verifiers: 'Anwendungen, die Token aus dem Speicher prüfen',
    replica: 'Server',
    started: 'gestartet',
    connected: (total) => count(total, 'Verifier', 'Verifier'),
    lagOf: (milliseconds) => `${milliseconds} ms Verzug`,
    share: (percent) => `${percent} aus dem Speicher`,
    reported: 'gemeldet',
    active: 'Aktiv',
    silent: 'Still',
    none: 'In den letzten 24 Stunden hat sich kein Verifier gemeldet.',
    hidden: (total) => `${count(total, 'weiterer Verifier', 'weitere Verifier')}.`,
  },
  healthReasons: {
    [HEALTH_REASONS.stopping]: 'Der Server wird heruntergefahren.',
    [HEALTH_REASONS.databaseUnavailable]: 'Die Datenbank antwortet nicht.',
    [HEALTH_REASONS.unwritable]:
      'Die Datenbank nimmt keine Änderungen an. Möglicherweise ist ihr Datenträger voll, oder sie ist schreibgeschützt. Die Ursache steht im Log.',
    [HEALTH_REASONS.diskFailed]:
      'Der Datenträger ist ausgefallen. Prüfen Sie ihn und starten Sie den Server dann neu.',
  } satisfies Record<HealthReason, string>,
  healthRemarks: {
    [HEALTH_REMARKS.notificationsLost]: {
      text: 'Benachrichtigungen anderer Server kommen nicht an, deshalb prüft der Server jedes Token in der Datenbank.',
      explanation:
        'Token werden weiterhin sicher geprüft, aber langsamer: Jede Anfrage fragt die Datenbank ab. Der Server verbindet sich neu, sobald PostgreSQL wieder Verbindungen annimmt.',
    },
    [HEALTH_REMARKS.notificationsNotDelivered]: {
      text: 'Benachrichtigungen von PostgreSQL kommen nicht an, deshalb prüft der Server jedes Token in der Datenbank. DATABASE_URL muss direkt auf die Datenbank zeigen oder auf einen Pooler im Sitzungsmodus.',
      explanation:
        'Token werden weiterhin sicher geprüft, aber langsamer: Jede Anfrage fragt die Datenbank ab, bis Sie DATABASE_URL ändern und den Server neu starten.',
    },
    [HEALTH_REMARKS.clockAhead]: {
      text: 'Die Uhr geht gegenüber der letzten Zeit in dieser Datenbank mehr als 30 Tage vor, deshalb löscht der Server keine alten Daten. Stellen Sie die Uhr. Falls sie richtig geht, führen Sie latchkey trust-clock aus.',
      explanation:
        'Bis dahin behält der Server abgelaufene Token, alte Einträge im Audit-Protokoll und alte Statistiken. Wegen einer falschen Uhr gelöschte Daten ließen sich nicht wiederherstellen.',
    },
    [HEALTH_REMARKS.clockBehind]: {
      text: 'Die Uhr geht gegenüber der letzten Zeit in dieser Datenbank nach, deshalb laufen Token zu spät ab. Stellen Sie die Uhr. Falls sie richtig geht und vorher vorging, führen Sie latchkey trust-clock aus.',
      explanation:
        'Bis dahin können abgelaufene Token angenommen werden, und neue Einträge im Audit-Protokoll können eine frühere Zeit haben als die Einträge davor.',
    },
  } satisfies Record<HealthRemark, HealthRemarkText>,
  variables: {
    HOST: 'Adresse, auf der der Server lauscht. Mit 0.0.0.0 ist er von anderen Rechnern erreichbar: Schalten Sie einen TLS-Proxy davor.',
    PORT: 'Port, auf dem der Server lauscht.',
    DATABASE_URL:
      'Datenbank: eine SQLite-Datei für einen einzelnen Serverprozess oder PostgreSQL für einen oder mehrere.',
    LATCHKEY_DATA_DIR:
      'Ordner für Dateien außerhalb der Datenbank: den Audit-Schlüssel und den ersten Einrichtungslink.',
    LATCHKEY_ADMIN_NAME: 'Name des ersten Administrators. Wird nur bei leerer Datenbank gelesen.',
    LATCHKEY_ADMIN_PASSWORD:
      'Passwort des ersten Administrators. Fehlt es, gibt der erste Start einen Einrichtungslink aus.',
    LATCHKEY_PUBLIC_URL: 'Öffentlicher Origin dieses Servers. Wird in Links verwendet.',
    LATCHKEY_TRUSTED_PROXIES:
      'Proxys, deren X-Forwarded-For und X-Forwarded-Proto der Server vertraut: Adressen und CIDR-Blöcke.',
    LATCHKEY_CORS_ORIGINS: 'Origins von Webseiten, die die API aufrufen dürfen.',
    LATCHKEY_EVENT_HOSTS: 'Nicht öffentliche Empfänger von Webhooks: Hostnamen, Adressen und CIDR-Blöcke.',
    LATCHKEY_SMTP_URL:
      'Server für den Versand von E-Mails, etwa smtps://user:password@mail.example.org. Ohne ihn sendet Latchkey keine.',
    LATCHKEY_MAIL_FROM: 'Absender der E-Mails.',
    LATCHKEY_SESSION_IDLE_SECONDS: 'Zeit, nach der eine inaktive Sitzung abläuft.',
    LATCHKEY_SESSION_MAX_SECONDS: 'Zeit nach der Anmeldung, nach der eine Sitzung spätestens abläuft.',
    LATCHKEY_SECOND_FACTOR:
      'Benutzer, die einen zweiten Faktor brauchen. Ohne ihn können ihre Sitzungen nur einen hinzufügen.',
    LATCHKEY_FRESH_SECONDS:
      'Zeit nach einer Anmeldung oder Bestätigung, in der eine Sitzung Token erstellen oder Zugriff gewähren darf.',
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS:
      'Gültigkeitsdauer eines API-Tokens, wenn die Anfrage kein Ablaufdatum nennt.',
    LATCHKEY_API_TOKEN_MAX_SECONDS:
      'Maximale Gültigkeitsdauer eines API-Tokens. Wird eine längere angefordert, kürzt der Server sie.',
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'Ob API-Token ohne Ablaufdatum erlaubt sind.',
    LATCHKEY_API_TOKENS_PER_USER: 'Höchstzahl gültiger API-Token pro Benutzer.',
    LATCHKEY_TOKEN_PREFIX: 'Präfix neuer Token, damit Secret-Scanner sie erkennen.',
    LATCHKEY_LEAKED_TOKENS: 'Ob ein als geleakt gemeldetes Token widerrufen oder deaktiviert wird.',
    LATCHKEY_TOKEN_CACHE_SECONDS:
      'Zeit, für die ein geprüftes Token im Cache bleibt. Bei 0 wird bei jeder Anfrage die Datenbank abgefragt.',
    LATCHKEY_PASSWORD_MIN_LENGTH: 'Mindestlänge neuer Passwörter, mindestens 8.',
    LATCHKEY_ARGON2_MEMORY_KIB:
      'Speicher für das Hashen eines Passworts in KiB. Nach einer Erhöhung wird jedes Passwort bei der nächsten Anmeldung neu gehasht.',
    LATCHKEY_ARGON2_PASSES:
      'Durchläufe für das Hashen eines Passworts. Nach einer Erhöhung wird jedes Passwort bei der nächsten Anmeldung neu gehasht.',
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT:
      'Fehlgeschlagene Anmeldungen innerhalb von 15 Minuten, nach denen ein Konto gedrosselt wird.',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS:
      'Fehlgeschlagene Anmeldungen innerhalb von 15 Minuten, nach denen der Server eine Adresse ablehnt.',
    LATCHKEY_WRITE_LIMIT_PER_USER:
      'Schreibende Anfragen pro Benutzer innerhalb von 24 Stunden. Für Anmeldungen gilt eine eigene, gleich hohe Höchstzahl.',
    LATCHKEY_SEAL_KEY:
      'Schlüssel, der die Geheimnisse der zweiten Faktoren und der Webhooks verschlüsselt. Mit PostgreSQL dafür erforderlich. Mit SQLite legt der Server einen im Datenordner an, falls keiner gesetzt ist.',
    LATCHKEY_AUDIT_KEY:
      'Schlüssel, der das Audit-Protokoll versiegelt. Mit PostgreSQL erforderlich. Mit SQLite legt der Server einen im Datenordner an, falls keiner gesetzt ist.',
    LATCHKEY_AUDIT_RETENTION_DAYS:
      'Aufbewahrungsdauer der Einträge im Audit-Protokoll in Tagen. Bei 0 unbegrenzt.',
    LATCHKEY_METRICS:
      'Zugriff auf /metrics: mit der Berechtigung metrics:read (token), für alle (open) oder für niemanden (off).',
    LATCHKEY_LOG_LEVEL:
      'Niedrigste Stufe, die protokolliert wird: fatal, error, warn, info, debug oder trace.',
    LATCHKEY_WORKERS: 'Anzahl der Prozesse, die Anfragen bearbeiten. Mehr als einer erfordert PostgreSQL.',
    LATCHKEY_DATABASE_POOL:
      'Höchstzahl der PostgreSQL-Verbindungen im Pool eines Prozesses. Bis zu drei weitere empfangen Widerrufe und führen Hintergrundaufgaben aus.',
    LATCHKEY_STATEMENT_TIMEOUT_MS:
      'Maximale Dauer einer Anweisung oder Transaktion in PostgreSQL, in Millisekunden.',
    LATCHKEY_DRAIN_SECONDS:
      'Zeit, in der ein Server beim Herunterfahren noch Anfragen annimmt, damit Lastverteiler auf andere Server umschalten können.',
    LATCHKEY_SHUTDOWN_SECONDS: 'Zeit, die ein Server beim Herunterfahren auf offene Anfragen wartet.',
  },
};
