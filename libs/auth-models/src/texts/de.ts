import { type ErrorCode } from './en.js';
import { type RejectionTexts } from './rejection-texts.js';

/** Sentence about each error code in German. */
export const PROBLEMS_IN_GERMAN: Readonly<Record<ErrorCode, string>> = {
  malformed_request: 'Der Server konnte die Anfrage nicht lesen.',
  ambiguous_credentials: 'Die Anfrage enthält Zugangsdaten, die sich widersprechen.',
  credentials_in_url: 'Die Anfrage enthält Zugangsdaten in der URL, wo Protokolle sie speichern.',
  invalid_parameter: 'Ein Parameter ist unbekannt oder hat einen ungültigen Wert.',
  unauthenticated: 'Sie sind nicht mehr angemeldet.',
  second_factor_required: 'Geben Sie den Code Ihres zweiten Faktors oder einen Wiederherstellungscode ein.',
  token_expired: 'Das Token ist abgelaufen.',
  token_disabled: 'Das Token ist deaktiviert.',
  token_revoked: 'Das Token wurde widerrufen.',
  token_not_yet_valid: 'Das Token gilt noch nicht.',
  token_used_up: 'Das Token ist aufgebraucht.',
  user_disabled: 'Der Benutzer dieses Tokens ist deaktiviert.',
  set_up_refused:
    'Der Einrichtungslink wurde schon verwendet, ist abgelaufen oder unbekannt. Bitten Sie einen Administrator um einen neuen.',
  forbidden: 'Ihnen fehlt die Berechtigung dafür.',
  insufficient_scope: 'Das Token hat nicht alle erforderlichen Berechtigungen und Rollen.',
  address_not_allowed: 'Das Token darf von dieser Adresse aus nicht verwendet werden.',
  above_your_permissions: 'Dafür fehlt Ihnen eine Berechtigung oder Rolle.',
  token_superseded:
    'Mit dem alten Geheimnis sind nur Lesen und Widerrufen erlaubt. Verwenden Sie das neue Geheimnis.',
  step_up_required: 'Ihre letzte Anmeldung liegt zu lange zurück. Bestätigen Sie, dass Sie es sind.',
  enrolment_required: 'Ihr Konto erfordert einen zweiten Faktor. Fügen Sie in „Mein Konto“ einen hinzu.',
  same_origin_required: 'Nur Seiten der Konsole dürfen diese Anfrage senden.',
  not_found: 'Nicht gefunden, oder Ihnen fehlt die Berechtigung dafür.',
  method_not_allowed: 'Diese Methode ist hier nicht möglich.',
  not_acceptable: 'Der Server unterstützt keinen der verlangten Medientypen.',
  request_timeout: 'Die Anfrage kam nicht rechtzeitig an.',
  conflict: 'Im aktuellen Zustand ist das nicht möglich.',
  name_taken: 'Dieser Name ist vergeben oder einem vorhandenen zu ähnlich.',
  role_built_in: 'Eingebaute Rollen können weder geändert noch gelöscht werden.',
  role_in_use: 'Diese Rolle ist noch Benutzern zugewiesen.',
  api_built_in: 'APIs, die Teil von Latchkey sind, können weder geändert noch gelöscht werden.',
  api_limit: 'Die Höchstzahl an APIs ist erreicht.',
  permission_in_use: 'Rollen oder Token verwenden eine Berechtigung, die gelöscht würde.',
  last_administrator: 'Mindestens ein Administrator muss erhalten bleiben.',
  token_limit: 'Der Benutzer hat bereits die Höchstzahl an API-Token.',
  offer_expired: 'Das Angebot ist abgelaufen. Bitten Sie um ein neues.',
  offer_claimed: 'Das Token wurde schon erstellt.',
  offer_limit: 'Die Höchstzahl an offenen Angeboten ist erreicht.',
  offer_lapsed:
    'Wer das Angebot genehmigt hat, darf dieses Token nicht mehr erstellen. Bitten Sie um ein neues Angebot.',
  count_grown: 'Inzwischen sind mehr Einträge betroffen als in der Vorschau. Prüfen Sie die Auswahl erneut.',
  precondition_failed: 'Der Eintrag wurde inzwischen geändert.',
  payload_too_large: 'Die Anfrage ist zu groß.',
  uri_too_long: 'Die URL ist zu lang.',
  headers_too_large: 'Die Header der Anfrage sind zu groß.',
  unsupported_media_type: 'Der Server nimmt diesen Medientyp hier nicht an.',
  validation_failed: 'Die Angaben sind ungültig.',
  current_password_wrong: 'Das aktuelle Passwort ist falsch.',
  precondition_required: 'Die erwartete Version des Eintrags fehlt.',
  rate_limited: 'Die maximale Rate des Tokens ist erreicht. Warten Sie einen Moment.',
  throttled: 'Zu viele Versuche. Warten Sie einen Moment.',
  overloaded: 'Der Server ist ausgelastet. Warten Sie einen Moment.',
  unavailable: 'Der Server ist vorübergehend nicht verfügbar. Versuchen Sie es erneut.',
  internal_error: 'Im Server ist ein Fehler aufgetreten.',
};

/** Sentences about rejections in German. */
export const REJECTION_TEXTS_IN_GERMAN: RejectionTexts = {
  causes: {
    ambiguous_credentials: PROBLEMS_IN_GERMAN.ambiguous_credentials,
    credentials_in_url: PROBLEMS_IN_GERMAN.credentials_in_url,
    invalid_query: 'Das Gateway sendet Parameter, die der Server nicht kennt.',
    cross_origin: 'Eine Seite mit einem anderen Origin hat das Sitzungs-Cookie gesendet.',
    no_credentials: 'Die Anfrage enthält keine Zugangsdaten.',
    malformed_credentials: 'Das Token ist beschädigt oder nicht in der richtigen Form.',
    unknown_secret: ({ preview }) =>
      `Kein Token dieses Servers hat das Geheimnis${preview === undefined ? '' : ` ${preview}`}. Das Token wurde nach Ablauf oder Widerruf gelöscht, oder es gehört zu einem anderen Server.`,
    canary: 'Das Token ist ein Köder, den der Server wie ein unbekanntes Token ablehnt.',
    wrong_user: ({ user }) =>
      `X-Auth-Token nennt einen anderen Benutzer. Das Token gehört ${user ?? 'einem gelöschten Benutzer'}.`,
    wrong_password: 'Der Name oder das Passwort ist falsch.',
    second_factor_required: 'Der Code des zweiten Faktors fehlt oder ist falsch.',
    wrong_passkey: 'Der Passkey ist hier nicht gültig. Möglicherweise wurde er entfernt.',
    set_up_link_invalid: 'Der Einrichtungslink wurde schon verwendet, ist abgelaufen oder unvollständig.',
    account_changed: 'Das Konto wurde während der Anfrage gelöscht oder geändert.',
    token_revoked: ({ time }) =>
      time === undefined
        ? 'Das Token wurde widerrufen, einzeln oder mit allen Token seines Benutzers.'
        : `Das Token wurde widerrufen: ${time}.`,
    user_disabled: ({ user }) =>
      user === undefined ? 'Der Benutzer war deaktiviert.' : `Der Benutzer ${user} war deaktiviert.`,
    token_disabled: ({ time }) =>
      time === undefined
        ? 'Das Token war deaktiviert.'
        : `Das Token war deaktiviert, weil es als geleakt gemeldet wurde: ${time}.`,
    token_used_up: 'Das Token war aufgebraucht.',
    token_expired: ({ time }) =>
      time === undefined ? 'Das Token war abgelaufen.' : `Das Token ist abgelaufen: ${time}.`,
    session_expired: 'Die Sitzung war abgelaufen.',
    grace_period_over: 'Das Geheimnis wurde ersetzt, und die Übergangsfrist ist abgelaufen.',
    token_not_yet_valid: ({ time }) =>
      time === undefined ? PROBLEMS_IN_GERMAN.token_not_yet_valid : `Das Token gilt erst ab: ${time}.`,
    address_not_allowed: PROBLEMS_IN_GERMAN.address_not_allowed,
    address_unknown:
      'Das Token ist auf bestimmte Adressen beschränkt, und die Adresse des Clients ist unbekannt.',
    rate_limited: 'Die maximale Rate war erreicht.',
    throttled: 'Es gab zu viele Versuche oder Änderungen.',
    missing_permission: ({ missing }) =>
      `Dem Token fehlen erforderliche Berechtigungen oder Rollen: ${missing.join(', ')}.`,
    step_up_required:
      'Die letzte Anmeldung oder Bestätigung der Sitzung lag zu lange zurück oder erfolgte mit keiner der erforderlichen Methoden.',
    enrolment_required: 'Der Benutzer braucht einen zweiten Faktor. Die Sitzung wurde ohne einen begonnen.',
    superseded_secret:
      'Das Geheimnis wurde ersetzt. Während der Übergangsfrist kann es nur lesen und widerrufen.',
    above_your_permissions: 'Das Ziel hat Berechtigungen, die dem Aufrufer fehlen.',
    forbidden: 'Der Aufrufer darf das nicht.',
  },
  remedies: {
    correct_request: 'Korrigieren Sie die Zugangsdaten der Anfrage.',
    correct_gateway: 'Korrigieren Sie die Parameter in der Konfiguration des Gateways.',
    send_credentials: 'Melden Sie sich mit POST /auth/login an und senden Sie das Token in X-Auth-Token.',
    correct_user:
      'Senden Sie base64(user:token) mit dem Namen des Benutzers, dem das Token gehört, oder nur das Token in Authorization: Bearer.',
    issue_token: 'Erstellen Sie ein neues Token und ersetzen Sie das alte überall, wo es verwendet wird.',
    investigate_canary:
      'Das ist ein Köder. Finden Sie heraus, wer Zugriff auf den Ort hatte, den seine Notiz nennt. Widerrufen Sie dann den Köder.',
    reset_password: 'Prüfen Sie Name und Passwort, oder setzen Sie das Passwort zurück.',
    send_code:
      'Senden Sie einen neuen Code oder einen Wiederherstellungscode in X-Auth-OTP. Sind beide verloren, entfernen Sie die zweiten Faktoren des Benutzers.',
    use_other_factor:
      'Melden Sie sich mit dem Passwort und einem Wiederherstellungscode oder mit einem anderen Faktor an. Entfernen Sie dann den Passkey und fügen Sie ihn neu hinzu.',
    create_set_up_link: 'Erstellen Sie einen neuen Einrichtungslink.',
    enable_user: 'Aktivieren Sie den Benutzer.',
    enable_token: 'Aktivieren Sie das Token.',
    rotate_token:
      'Erneuern Sie das Token, tragen Sie das neue Geheimnis ein, wo es gebraucht wird, und aktivieren Sie dann das Token.',
    renew_token: 'Geben Sie dem Token ein neues Ablaufdatum.',
    log_in: 'Melden Sie sich neu an.',
    add_second_factor:
      'Der Benutzer meldet sich an der Konsole an und fügt in „Mein Konto“ einen zweiten Faktor hinzu.',
    use_new_secret: 'Verwenden Sie das Geheimnis der letzten Erneuerung.',
    change_start: 'Warten Sie, bis das Token gilt, oder ändern Sie den Beginn.',
    allow_address: 'Nehmen Sie die Adresse in die erlaubten Adressen des Tokens auf.',
    trust_proxy:
      'Tragen Sie den Proxy in LATCHKEY_TRUSTED_PROXIES ein und lassen Sie ihn X-Forwarded-For senden.',
    raise_rate_limit: 'Senden Sie weniger Anfragen, oder erhöhen Sie die maximale Rate des Tokens.',
    wait: 'Warten Sie, oder bitten Sie einen Administrator, die Anmeldesperre aufzuheben.',
    widen_token: 'Geben Sie dem Token die fehlenden Berechtigungen oder Rollen.',
    grant_role: 'Geben Sie dem Benutzer eine Rolle mit den fehlenden Berechtigungen.',
    register_permission: ({ unknown }) =>
      `Keine API definiert ${unknown.join(', ')}. Registrieren Sie die Berechtigung, oder korrigieren Sie das Gateway.`,
    ask_administrator: 'Fragen Sie einen Administrator, der diese Berechtigungen hat.',
    retry: 'Die Ursache ist behoben. Senden Sie die Anfrage noch einmal.',
  },
};
