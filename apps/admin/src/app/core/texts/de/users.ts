import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const users: Texts['users'] = {
  heading: 'Benutzer',
  lede: 'Menschen und Dienste, die sich anmelden können.',
  search: 'Name oder E-Mail suchen',
  count: (total) => count(total, 'Benutzer', 'Benutzer'),
  create: 'Neuer Benutzer',
  empty: {
    heading: 'Noch keine Benutzer',
    text: 'Legen Sie den ersten an und übergeben Sie den Link, mit dem er sein Passwort wählt.',
  },
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
  inactiveSince: (days) => `Seit ${count(days, 'Tag', 'Tagen')} nicht`,
  tokenCount: (total) => count(total, 'Token', 'Token'),
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
    kind: 'Menschen zuerst',
  },
  form: {
    kind: 'Art',
    name: 'Name',
    nameHint: 'Die Hälfte jeder Anmeldung; er ändert sich nie.',
    spelling: 'Wird geschrieben als',
    displayName: 'Anzeigename',
    email: 'E-Mail',
    passwordHint: 'Bleibt es leer, bekommen Sie einen Link zum Übergeben.',
    generate: 'Erzeugen',
    serviceNote: 'Ein Dienst hat kein Passwort. Als Nächstes kommt sein erstes Token.',
    action: 'Benutzer anlegen',
    serviceAction: 'Dienst anlegen',
    sending: 'Wird angelegt …',
  },
  created: (name) => `${name} ist angelegt`,
  handover: {
    password: 'Übergeben Sie dieses Passwort. Es wird nur dieses eine Mal gezeigt und nirgends aufbewahrt.',
    link: 'Übergeben Sie diesen Link. Mit ihm lässt sich einmal ein eigenes Passwort wählen. Er wird nur dieses eine Mal gezeigt.',
    leave: {
      heading: 'Schließen, ohne zu kopieren?',
      text: {
        password:
          'Das Passwort wird nur dieses eine Mal gezeigt. Ohne es kann sich niemand damit anmelden, und Sie müssten ein anderes setzen.',
        link: 'Der Link wird nur dieses eine Mal gezeigt. Ohne ihn kann niemand ein Passwort wählen, und Sie müssten einen anderen erstellen.',
      },
      action: 'Schließen',
    },
  },
  worksUntil: (instant) => `Er gilt bis ${instant}.`,
};
