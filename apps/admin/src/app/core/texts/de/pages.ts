import type { Texts } from '../texts';

export const pages: Texts['pages'] = {
  title: (page) => `${page} · Latchkey`,
  navigation: 'Hauptmenü',
  skip: 'Zum Inhalt springen',
  signIn: 'Anmelden',
  setUp: 'Passwort wählen',
  home: 'Start',
  welcome: 'Willkommen',
  users: 'Benutzer',
  user: 'Benutzer',
  newUser: 'Neuer Benutzer',
  tokens: 'Token',
  token: 'Token',
  newToken: 'Neues Token',
  roles: 'Rollen',
  role: 'Rolle',
  newRole: 'Neue Rolle',
  audit: 'Protokoll',
  settings: 'Einstellungen',
  account: 'Mein Konto',
  notFound: 'Seite nicht gefunden',
};
