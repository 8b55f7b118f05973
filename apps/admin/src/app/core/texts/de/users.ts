import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const users: Texts['users'] = {
  search: 'Name oder E-Mail suchen',
  count: (total) => count(total, 'Benutzer', 'Benutzer'),
  create: 'Neuer Benutzer',
  import: 'Importieren',
  empty: {
    heading: 'Noch keine Benutzer',
    text: 'Legen Sie den ersten Benutzer an und geben Sie ihm den Einrichtungslink.',
  },
  actions: {
    enable: 'Aktivieren',
    disable: 'Deaktivieren',
    addRole: 'Rolle zuweisen …',
    removeRole: 'Rolle entziehen …',
    revokeTokens: 'Alle Token widerrufen …',
    delete: 'Löschen …',
  },
  columns: {
    name: 'Benutzer',
    roles: 'Rollen',
    enabled: 'Status',
    tokenCount: 'Token',
    lastLoginTime: 'Letzte Anmeldung',
    creationTime: 'Erstellt',
  },
  filters: {
    kind: 'Art',
    enabled: 'Status',
    neverLoggedIn: 'Anmeldung',
    role: 'Rolle',
    permission: 'Berechtigung',
  },
  kinds: { human: 'Person', service: 'Dienst' },
  isService: ', ein Dienst',
  states: { true: 'Aktiv', false: 'Deaktiviert' },
  neverSignedIn: 'Nie angemeldet',
  inactiveSince: (days) => `Seit ${count(days, 'Tag', 'Tagen')} inaktiv`,
  sorts: {
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    displayName: 'Anzeigename, A bis Z',
    email: 'E-Mail, A bis Z',
    '-lastLoginTime': 'Zuletzt angemeldet zuerst',
    lastLoginTime: 'Am längsten nicht angemeldet zuerst',
    '-creationTime': 'Neueste zuerst',
    creationTime: 'Älteste zuerst',
    '-tokenCount': 'Meiste Token zuerst',
    enabled: 'Deaktivierte zuerst',
    kind: 'Personen zuerst',
  },
  form: {
    kind: 'Art',
    name: 'Name',
    nameHint: 'Dient zur Anmeldung und lässt sich später nicht ändern.',
    spelling: 'Wird gespeichert als',
    displayName: 'Anzeigename',
    email: 'E-Mail',
    passwordHint: 'Leer lassen, um einen Einrichtungslink zu erhalten.',
    generate: 'Erzeugen',
    serviceNote: 'Ein Dienst hat kein Passwort. Als Nächstes erstellen Sie sein erstes Token.',
    action: 'Benutzer anlegen',
    serviceAction: 'Dienst anlegen',
  },
  created: (name) => `${name} wurde angelegt`,
  handover: {
    password: 'Geben Sie dieses Passwort an den Benutzer weiter. Es wird nur einmal angezeigt.',
    link: 'Geben Sie diesen Link an den Benutzer weiter. Er kann damit einmalig ein Passwort festlegen. Der Link wird nur einmal angezeigt.',
    leave: {
      heading: 'Ohne Kopieren schließen?',
      text: {
        password: 'Das Passwort wird nur einmal angezeigt. Geht es verloren, müssen Sie ein neues festlegen.',
        link: 'Der Link wird nur einmal angezeigt. Geht er verloren, müssen Sie einen neuen erstellen.',
      },
      action: 'Schließen',
    },
  },
  worksUntil: (instant) => `Gültig bis ${instant}.`,
};
