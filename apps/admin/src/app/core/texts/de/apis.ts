import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const apis: Texts['apis'] = {
  lead: 'APIs von Latchkey und Ihren Diensten. Rollen enthalten ihre Berechtigungen, und Token lassen sich darauf begrenzen.',
  onlyBuiltIn:
    'Noch ist keine API registriert. Registrieren Sie die API Ihres Dienstes mit ihren Berechtigungen und vergeben Sie diese über Rollen.',
  search: 'Name, Beschreibung, Berechtigung',
  count: (total) => count(total, 'API', 'APIs'),
  empty: { heading: 'Keine APIs', text: 'Registrieren Sie die API Ihres Dienstes.' },
  columns: {
    name: 'API',
    permissions: 'Berechtigungen',
    isBuiltIn: 'Art',
    tokenCount: 'Begrenzte Token',
    creationTime: 'Erstellt',
  },
  sorts: {
    isBuiltIn: 'Eigene zuerst',
    '-isBuiltIn': 'Eingebaute zuerst',
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    description: 'Beschreibung, A bis Z',
    '-tokenCount': 'Meiste Token zuerst',
    '-creationTime': 'Neueste zuerst',
  },
  kinds: { true: 'Teil von Latchkey', false: 'Eigene API' },
  tokens: (total) => count(total, 'Token', 'Token'),
  page: {
    back: 'Alle APIs',
    limitedTokens: (total) => `${count(total, 'Token ist', 'Token sind')} auf ihre Berechtigungen begrenzt`,
    permissionsLead: 'Benutzer erhalten sie über Rollen. Token lassen sich auf sie begrenzen.',
    unused: 'Nicht verwendet',
    grantedBy: 'Enthalten in',
    limitedTo: (total) => `${count(total, 'Token', 'Token')} darauf begrenzt`,
    otherRoles: (hidden) => count(hidden, 'weiteren Rolle', 'weiteren Rollen'),
  },
  readOnly: {
    builtIn: 'Diese API ist Teil von Latchkey. Sie kann weder geändert noch gelöscht werden.',
    noWrite: 'Um APIs zu ändern, brauchen Sie die Berechtigung apis:write.',
  },
  protect: {
    heading: 'Ihre API schützen',
    text: 'Richten Sie Ihr Gateway oder Ihren Dienst so ein, dass jedes Token an diese Adresse gesendet wird. Latchkey antwortet mit 200, wenn das Token die Berechtigung hat, sonst mit 403 oder 401.',
    permission: 'Erforderliche Berechtigung',
    copy: 'Adresse kopieren',
    repeat:
      'Wiederholen Sie permission=, um mehrere Berechtigungen zu verlangen. Unbekannte Parameter lehnt Latchkey mit 403 ab.',
    docs: 'API-Dokumentation',
    open: 'Gateway oder Framework einrichten',
    lead: 'Wählen Sie, was die Token prüft, bevor Anfragen Ihre API erreichen. Die Konfiguration ist getestet und lehnt alle Anfragen ab, solange Latchkey nicht erreichbar ist.',
    noPermissions: 'Diese API hat noch keine Berechtigungen. Fügen Sie zuerst eine hinzu.',
    guard: '1. Gateway oder Framework',
    guardLabel: 'Gateway oder Framework',
    untested: '(nicht getestet)',
    frameworkHint: 'Die Datei ist ein Beispiel. Legen Sie für jede Ihrer Routen die Berechtigung fest.',
    values: '2. Berechtigungen und Adressen',
    read: 'Berechtigung zum Lesen (GET und HEAD)',
    write: 'Berechtigung für alle anderen Methoden',
    path: 'Pfad',
    pathHint:
      'Pfade, die so beginnen, erfordern die Berechtigungen. Alle anderen erfordern nur ein gültiges Token.',
    pathError:
      'Verwenden Sie nur / oder einen Pfad wie /orders/v1 ohne Schrägstrich am Ende: höchstens 100 Kleinbuchstaben, Ziffern oder / _ -',
    listen: 'Adresse des Gateways',
    host: 'Hostname des Gateways',
    upstream: 'Adresse der API hinter dem Gateway',
    latchkey: 'Adresse von Latchkey',
    addressError: 'Geben Sie Host und Port an, zum Beispiel 127.0.0.1:8000.',
    hostError: 'Geben Sie einen Hostnamen an, zum Beispiel api.example.com.',
    files: 'Dateien',
    download: 'Herunterladen',
    load: '3. Dateien laden',
    trusted:
      'Setzen Sie LATCHKEY_TRUSTED_PROXIES in Latchkey auf die IP-Adresse, von der das Gateway die Verbindung aufbaut.',
    loadFiles: 'Laden Sie dann die Dateien:',
    addFile: 'Fügen Sie dann die Datei der dynamischen Konfiguration des Gateways hinzu.',
    frameworkToken: 'Der Dienst braucht ein Token mit der Berechtigung tokens:introspect.',
    invalid: 'Korrigieren Sie die markierten Felder, um die Dateien zu sehen.',
  },
  test: {
    heading: '4. Geschützte API testen',
    text: 'Führen Sie diese Befehle dort aus, wo die API erreichbar ist. $TOKEN ist ein Token mit der Berechtigung zum Lesen, $OTHER eines ohne sie.',
    expected: 'Sie geben 401, den Status der Antwort der API und 403 aus.',
  },
  form: {
    lead: 'Registrieren Sie einen Dienst hinter Latchkey mit den Berechtigungen, die er prüft.',
    nameHint:
      'Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel orders. Der Name lässt sich später nicht ändern.',
    descriptionHint: 'Zweck der API in einem Satz.',
    permissionsHint: 'Beschreiben Sie, was jede Berechtigung erlaubt, damit andere sie vergeben können.',
    none: 'Noch keine Berechtigungen.',
    permission: 'Berechtigung',
    sentence: 'Erlaubte Aktionen',
    of: (label, permission) => `${label}: ${permission}`,
    add: 'Berechtigung hinzufügen',
    remove: (permission) => `${permission} entfernen`,
    removeNew: 'Neue Berechtigung entfernen',
    action: 'API anlegen',
  },
  inUse: {
    removal: (permissions) =>
      permissions === 1
        ? 'Verwendete Berechtigung entfernen?'
        : `${permissions} verwendete Berechtigungen entfernen?`,
    deletion: (name) => `${name} mit allen Berechtigungen löschen?`,
    roles: (permission, roles) => `${permission} ist enthalten in ${roles}.`,
    tokens: (permission, total) => `${count(total, 'Token ist', 'Token sind')} auf ${permission} begrenzt.`,
    both: (permission, roles, total) =>
      `${permission} ist enthalten in ${roles}, und ${count(total, 'Token ist', 'Token sind')} darauf begrenzt.`,
    roleCount: (total) => count(total, 'Rolle', 'Rollen'),
    others: (total) =>
      `${count(total, 'weitere Berechtigung wird', 'weitere Berechtigungen werden')} ebenfalls verwendet.`,
    effect:
      'Diese Rollen und Token verlieren die entfernten Berechtigungen sofort. Anfragen, die sie erfordern, werden dann abgelehnt. Das lässt sich nicht rückgängig machen.',
    action: 'Aus allen Rollen und Token entfernen',
  },
};
