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
  noPermissions: 'Keine Berechtigungen',
  more: (hidden) => `+${hidden}`,
  tokens: (total) => count(total, 'Token', 'Token'),
  noTokens: 'keine',
  page: {
    back: 'Alle APIs',
    noDescription: 'Keine Beschreibung.',
    edit: 'Bearbeiten',
    delete: 'Löschen',
    limitedTokens: (total) =>
      total === 0
        ? 'Kein Token ist auf ihre Berechtigungen begrenzt'
        : `${count(total, 'Token ist', 'Token sind')} auf ihre Berechtigungen begrenzt`,
    permissions: 'Berechtigungen',
    permissionsLead: 'Benutzer erhalten sie über Rollen. Token lassen sich auf sie begrenzen.',
    unused: 'Nicht verwendet',
    grantedBy: 'Enthalten in',
    otherRoles: (hidden) => count(hidden, 'weiteren Rolle', 'weiteren Rollen'),
    limited: (total) => `${count(total, 'Token', 'Token')} darauf begrenzt`,
    raw: 'JSON-Rohdaten',
    save: 'Änderungen speichern',
    saved: (name) => `${name} wurde gespeichert`,
    deleted: (name) => `${name} wurde gelöscht`,
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
  },
  form: {
    lead: 'Registrieren Sie einen Dienst hinter Latchkey mit den Berechtigungen, die er prüft.',
    name: 'Name',
    nameHint:
      'Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel orders. Der Name lässt sich später nicht ändern.',
    description: 'Beschreibung',
    descriptionHint: 'Zweck der API in einem Satz.',
    permissions: 'Berechtigungen',
    permissionsHint: 'Beschreiben Sie, was jede Berechtigung erlaubt, damit andere sie vergeben können.',
    none: 'Noch keine Berechtigungen.',
    permission: 'Berechtigung',
    sentence: 'Erlaubte Aktionen',
    of: (label, permission) => `${label}: ${permission}`,
    add: 'Berechtigung hinzufügen',
    remove: (permission) => `${permission} entfernen`,
    removeNew: 'Neue Berechtigung entfernen',
    action: 'API anlegen',
    sending: 'Wird angelegt …',
    created: (name) => `${name} wurde angelegt`,
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
