import type { Texts } from '../texts';

export const setUp: Texts['setUp'] = {
  heading: 'Wählen Sie Ihr Passwort',
  lede: 'Danach können Sie sich anmelden. Lang ist besser als kompliziert; jedes Zeichen zählt, auch Leerzeichen.',
  action: 'Passwort setzen',
  sending: 'Passwort wird gesetzt …',
  toSignIn: 'Zur Anmeldung',
  incomplete: {
    heading: 'Der Link ist nicht vollständig',
    text: 'Ein Einrichtungslink hat hinter dem Zeichen # ein langes Geheimnis, und diese Adresse hat keines. Vielleicht wurde die Seite neu geladen: Öffnen Sie den Link noch einmal dort, wo Sie ihn bekamen. Das Öffnen verbraucht ihn nicht.',
  },
  refused: {
    heading: 'Dieser Link gilt nicht mehr',
    text: 'Er wurde schon benutzt, ist älter als 24 Stunden, oder ein neuerer hat ihn ersetzt. Bitten Sie einen Administrator um einen neuen.',
  },
};
