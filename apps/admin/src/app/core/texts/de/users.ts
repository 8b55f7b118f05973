import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const users: Texts['users'] = {
  heading: 'Benutzer',
  lede: 'Menschen und Dienste, die sich anmelden können.',
  search: 'Name oder E-Mail suchen',
  count: (total) => count(total, 'Benutzer', 'Benutzer'),
  create: 'Neuer Benutzer',
  empty: { heading: 'Noch keine Benutzer', text: 'Legen Sie den ersten an und übergeben Sie das Passwort.' },
  columns: {
    name: 'Benutzer',
    roles: 'Rollen',
    enabled: 'Zustand',
    tokenCount: 'Token',
    lastLoginTime: 'Letzte Anmeldung',
    creationTime: 'Angelegt',
  },
  filters: {
    kind: 'Art',
    enabled: 'Zustand',
    neverLoggedIn: 'Anmeldung',
    role: 'Rolle',
  },
  kinds: { human: 'Mensch', service: 'Dienst' },
  isService: ', ein Dienst',
  states: { true: 'Aktiv', false: 'Deaktiviert' },
  neverSignedIn: 'Nie angemeldet',
  tokenCount: (total) => count(total, 'Token', 'Token'),
  sorts: {
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    '-lastLoginTime': 'Zuletzt angemeldet zuerst',
    lastLoginTime: 'Am längsten nicht angemeldet zuerst',
    '-creationTime': 'Neueste zuerst',
  },
  form: {
    kind: 'Art',
    name: 'Name',
    nameHint: 'Die Hälfte jeder Anmeldung; er ändert sich nie.',
    spelling: 'Wird geschrieben als',
    displayName: 'Anzeigename',
    email: 'E-Mail',
    roles: 'Rollen',
    generate: 'Erzeugen',
    serviceNote: 'Ein Dienst hat kein Passwort. Er bekommt Token.',
    action: 'Benutzer anlegen',
    sending: 'Wird angelegt …',
  },
  created: (name) => `${name} ist angelegt`,
  handOver: 'Übergeben Sie dieses Passwort. Es wird nur dieses eine Mal gezeigt und nirgends aufbewahrt.',
};
