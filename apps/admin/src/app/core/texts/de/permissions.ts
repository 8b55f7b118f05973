import type { Texts } from '../texts';

export const permissions: Texts['permissions'] = {
  sentences: {
    'users:read': 'Alle Benutzer und ihre Angaben sehen.',
    'users:write': 'Benutzer anlegen, ändern, deaktivieren und löschen und ihre Passwörter zurücksetzen.',
    'tokens:read': 'Die Token aller Benutzer sehen.',
    'tokens:write': 'Die Token aller Benutzer anlegen, ändern und widerrufen.',
    'tokens:introspect': 'Fragen, wem ein vorgelegtes Token gehört (RFC 7662).',
    'roles:read': 'Rollen sehen und was sie erlauben.',
    'roles:write': 'Rollen anlegen, ändern und löschen.',
    'audit:read': 'Das Protokoll lesen.',
    'stats:read': 'Die Zahlen der Startseite sehen.',
    'settings:read': 'Die wirksamen Einstellungen sehen, ohne Geheimnisse.',
    'metrics:read': 'Die Messwerte lesen.',
  },
  roles: {
    admin: 'Alles, auch was Funktionsmodule hinzufügen.',
    auditor: 'Liest alles, ändert nichts.',
    user: 'Nur das eigene Konto und die eigenen Token.',
  },
};
