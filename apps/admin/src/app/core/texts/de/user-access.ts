import type { Texts } from '../texts';

export const userAccess: Texts['userAccess'] = {
  roles: 'Rollen',
  isBuiltIn: 'eingebaut',
  filter: 'Rolle suchen',
  above: (permissions) => `Über Ihnen: Sie haben selbst nicht ${permissions}.`,
  permits: (permissions) => `Erlaubt ${permissions}.`,
  permitsNothing: 'Erlaubt hier nichts; Dienste lesen sie als Kennzeichen.',
  unseen: 'Sie dürfen nicht sehen, was diese Rolle erlaubt.',
  lede: 'Was jemand darf, ist alles zusammen, was die Rollen erlauben.',
  gives: (permissions) => `Hinzu käme: ${permissions}.`,
  takes: (permissions) => `Verloren ginge: ${permissions}.`,
  sameAsBefore: 'An dem, was erlaubt ist, ändert sich nichts.',
  save: 'Rollen speichern',
  discard: 'Verwerfen',
  saved: (name) => `Die Rollen von ${name} sind gespeichert.`,
  ownQuestion: {
    heading: 'Sich selbst Berechtigungen nehmen?',
    text: (permissions) => `Sie verlören: ${permissions}.`,
    after: 'Nur wer sie hat, kann sie Ihnen wiedergeben.',
    action: 'Nehmen',
  },
  effective: 'Wirksame Berechtigungen',
  effectiveNone: 'Keine. Das eigene Konto und die eigenen Token stehen allen offen.',
  effectiveUnseen: 'Sie dürfen nicht sehen, was Rollen erlauben.',
  throughRoles: (roles) => `durch ${roles}`,
};
