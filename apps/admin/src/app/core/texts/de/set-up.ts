import type { Texts } from '../texts';

export const setUp: Texts['setUp'] = {
  heading: 'Wählen Sie Ihr Passwort',
  lead: 'Länge ist wichtiger als Komplexität. Jedes Zeichen zählt, auch Leerzeichen.',
  action: 'Passwort festlegen',
  sending: 'Passwort wird festgelegt …',
  toSignIn: 'Zur Anmeldung',
  lost: {
    heading: 'Passwort vergessen?',
    lead: 'Latchkey sendet einen Link an Ihre E-Mail-Adresse. Damit wählen Sie ein neues Passwort.',
    user: 'Name oder E-Mail-Adresse',
    action: 'Link senden',
    sending: 'Wird gesendet …',
    sentHeading: 'Prüfen Sie Ihr Postfach',
    sent: 'Wenn es ein solches Konto gibt, ist der Link unterwegs. Er funktioniert eine Stunde lang. Falls nichts ankommt, fragen Sie einen Administrator.',
  },
  incomplete: {
    heading: 'Dieser Link ist unvollständig',
    text: 'Der Teil nach dem Zeichen # fehlt, vielleicht weil die Seite neu geladen wurde. Öffnen Sie den ursprünglichen Link noch einmal. Das Öffnen verbraucht ihn nicht.',
  },
  rejected: {
    heading: 'Dieser Link ist nicht mehr gültig',
    text: 'Er wurde schon verwendet, ist abgelaufen oder wurde durch einen neueren ersetzt. Bitten Sie einen Administrator um einen neuen Link.',
  },
};
