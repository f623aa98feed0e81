//! What each problem code means, for a person who meets it: the one table behind `/problems/{code}`. A code the server gives
//! and this table lacks fails at the first test that meets it ([`super::problem::render`]).

/// What one code says, in one language.
#[derive(Debug)]
pub struct Words {
    /// What happened.
    pub what: &'static str,
    /// What to do now.
    pub next: &'static str,
}

/// A problem code.
#[derive(Debug)]
pub struct Meaning {
    /// The stable code, the last part of the problem's `type`.
    pub code: &'static str,
    /// The HTTP status it comes with.
    pub status: u16,
    /// In Portuguese.
    pub portuguese: Words,
    /// In English.
    pub english: Words,
}

/// What `code` means; none where no problem has it.
pub fn find(code: &str) -> Option<&'static Meaning> {
    ALL.iter().find(|meaning| meaning.code == code)
}

const fn meaning(
    code: &'static str,
    status: u16,
    portuguese: [&'static str; 2],
    english: [&'static str; 2],
) -> Meaning {
    let ([what, next], [what_en, next_en]) = (portuguese, english);
    Meaning {
        code,
        status,
        portuguese: Words { what, next },
        english: Words { what: what_en, next: next_en },
    }
}

/// Every problem code, by status.
pub const ALL: &[Meaning] = &[
    meaning(
        "malformed",
        400,
        [
            "O pedido não pôde ser lido: não é JSON, ou um campo tem outro tipo.",
            "Recarregue a página e tente de novo. Em um programa, confira o corpo e os parâmetros na referência da API.",
        ],
        [
            "The request could not be read: it is not JSON, or a part has another type.",
            "Reload the page and try again. In a program, check body and parameters against the API reference.",
        ],
    ),
    meaning(
        "clinic_id_missing",
        400,
        ["O pedido não diz de qual clínica trata.", "Inclua clinic_id na consulta, como ?clinic_id=1."],
        [
            "The request does not say which clinic it is about.",
            "Put clinic_id into the query, as in ?clinic_id=1.",
        ],
    ),
    meaning(
        "body_too_slow",
        400,
        [
            "Os dados chegaram devagar demais e o envio foi encerrado.",
            "Confira a rede e envie de novo; nada foi gravado.",
        ],
        [
            "The data came too slowly and the upload was ended.",
            "Check the network and send it again; nothing was written.",
        ],
    ),
    meaning(
        "body_cut_short",
        400,
        ["A conexão caiu antes do fim do envio.", "Envie de novo; nada foi gravado."],
        ["The connection was lost before the upload ended.", "Send it again; nothing was written."],
    ),
    meaning(
        "unclear_host",
        400,
        [
            "O pedido não diz, ou diz de dois modos, a qual endereço se dirige.",
            "Abra o TaskMed pelo endereço mostrado no computador principal.",
        ],
        [
            "The request names no address, or two that disagree.",
            "Open TaskMed by the address shown on the main computer.",
        ],
    ),
    meaning(
        "unauthenticated",
        401,
        ["Não há sessão aberta, ou ela terminou.", "Entre de novo com seu e-mail e senha."],
        ["There is no open session, or it has ended.", "Sign in again with your email and password."],
    ),
    meaning(
        "wrong_credentials",
        401,
        [
            "E-mail ou senha não conferem.",
            "Confira os dois. Se esqueceu a senha, peça ao responsável pela clínica um novo código de acesso.",
        ],
        [
            "Email and password do not match.",
            "Check both. If you forgot the password, ask the clinic’s owner for a new one-time code.",
        ],
    ),
    meaning(
        "session_locked",
        401,
        ["A tela está bloqueada.", "Digite sua senha para continuar; o que estava aberto continua lá."],
        ["The screen is locked.", "Enter your password to go on; what was open is still there."],
    ),
    meaning(
        "forbidden",
        403,
        [
            "Você entrou, mas suas funções não permitem isto.",
            "Peça ao responsável pela clínica que faça, ou que mude suas funções. O campo permission diz o que falta.",
        ],
        [
            "You are signed in, but your roles do not allow this.",
            "Ask the clinic’s owner to do it or to change your roles. The member permission names what is missing.",
        ],
    ),
    meaning(
        "cross_site",
        403,
        [
            "O pedido partiu de outra página da Internet e foi recusado.",
            "Use o TaskMed na própria aba, digitando o endereço dele.",
        ],
        [
            "The request was started by another web site and was refused.",
            "Use TaskMed in its own tab, by typing its address.",
        ],
    ),
    meaning(
        "https_required",
        403,
        [
            "Fora deste computador, o TaskMed só responde por HTTPS.",
            "Abra o endereço que começa com https://.",
        ],
        [
            "From other machines TaskMed answers over HTTPS only.",
            "Open the address that starts with https://.",
        ],
    ),
    meaning(
        "not_found",
        404,
        [
            "Não existe, ou não é desta clínica.",
            "Volte e recarregue a lista: alguém pode ter removido. O campo entity diz o que se procurou.",
        ],
        [
            "It does not exist, or not in this clinic.",
            "Go back and reload the list: someone may have removed it. The member entity names what was looked for.",
        ],
    ),
    meaning(
        "method_not_allowed",
        405,
        ["O endereço existe, mas não aceita este método.", "O cabeçalho Allow diz quais aceita."],
        ["The address exists but does not take this method.", "The Allow header says which ones it takes."],
    ),
    meaning(
        "slot_taken",
        409,
        [
            "O profissional, a sala ou o paciente já tem consulta neste horário.",
            "Escolha um dos horários oferecidos, ou encaixe, se puder.",
        ],
        [
            "The professional, the room or the patient already has an appointment at that time.",
            "Choose one of the times offered, or fit it in if you may.",
        ],
    ),
    meaning(
        "outside_hours",
        409,
        [
            "O horário fica fora do funcionamento da clínica.",
            "Escolha um dos horários oferecidos, ou mude os horários em Configurações.",
        ],
        [
            "The time is outside the clinic’s opening hours.",
            "Choose one of the times offered, or change the hours in Settings.",
        ],
    ),
    meaning(
        "lunch",
        409,
        ["O horário cai no almoço.", "Escolha um dos horários oferecidos."],
        ["The time falls into lunch.", "Choose one of the times offered."],
    ),
    meaning(
        "blocked",
        409,
        ["O horário está bloqueado na agenda.", "Escolha outro, ou libere o bloqueio em Configurações."],
        ["The time is blocked in the agenda.", "Choose another, or free the block in Settings."],
    ),
    meaning(
        "holiday",
        409,
        [
            "É feriado e a clínica não abre.",
            "Escolha outro dia, ou marque em Configurações que a clínica abre nos feriados.",
        ],
        [
            "It is a holiday and the clinic is closed.",
            "Choose another day, or say in Settings that the clinic opens on holidays.",
        ],
    ),
    meaning(
        "illegal_status",
        409,
        [
            "A partir da situação atual, este passo não existe.",
            "Recarregue para ver a situação atual. O campo allowed diz os passos possíveis.",
        ],
        [
            "From the present state there is no such step.",
            "Reload to see the present state. The member allowed lists the possible steps.",
        ],
    ),
    meaning(
        "clinic_open",
        409,
        [
            "A clínica está em horário de atendimento, e a medição deixaria as telas lentas enquanto dura.",
            "Meça fora do horário, ou confirme que é para medir agora (confirmed).",
        ],
        [
            "The clinic is open, and measuring would make its screens slow while it lasts.",
            "Measure outside opening hours, or confirm that it should be done now (confirmed).",
        ],
    ),
    meaning(
        "measuring_already",
        409,
        ["Este computador já está sendo medido.", "Espere a medição terminar."],
        ["This computer is being measured already.", "Wait until the measurement is over."],
    ),
    meaning(
        "copying_already",
        409,
        ["Uma cópia de segurança já está sendo feita.", "Espere alguns instantes: ela aparece na lista."],
        ["A backup is being made already.", "Wait a moment: it will be on the list."],
    ),
    meaning(
        "last_owner",
        409,
        ["A clínica ficaria sem responsável ativo.", "Antes, torne outra pessoa responsável."],
        ["The clinic would be left without an active owner.", "Make someone else an owner first."],
    ),
    meaning(
        "already_set_up",
        409,
        ["Esta clínica já foi criada.", "Entre com e-mail e senha."],
        ["This clinic has already been created.", "Sign in with email and password."],
    ),
    meaning(
        "alert_not_firing",
        409,
        ["O alerta não está disparado.", "Recarregue a página: o problema já passou."],
        ["The alert is not firing.", "Reload the page: the trouble is over."],
    ),
    meaning(
        "no_way_out",
        409,
        [
            "Nenhum aviso sai deste computador.",
            "Configure alert_mail ou alert_webhook no taskmed.toml e reinicie o TaskMed.",
        ],
        [
            "No message leaves this computer.",
            "Set alert_mail or alert_webhook in taskmed.toml and restart TaskMed.",
        ],
    ),
    meaning(
        "duplicate",
        409,
        ["Já existe um cadastro com este número.", "Abra o cadastro existente, que vem no campo contact."],
        [
            "There is already a record with this number.",
            "Open the existing record, given in the member contact.",
        ],
    ),
    meaning(
        "import_used",
        409,
        [
            "Pacientes desta importação já têm consultas ou mudanças; ela não pode mais ser desfeita.",
            "Confira os cadastros citados e corrija um a um.",
        ],
        [
            "Patients of this import have appointments or changes by now; it can no longer be taken back.",
            "Look at the records named and correct them one by one.",
        ],
    ),
    meaning(
        "in_use",
        409,
        [
            "Ainda está em uso em outro lugar.",
            "Tire dos lugares onde é usado, ou desative em vez de remover.",
        ],
        [
            "It is still used elsewhere.",
            "Take it out of where it is used, or deactivate it instead of removing it.",
        ],
    ),
    meaning(
        "cannot_sign_in",
        409,
        [
            "Esta pessoa não tem e-mail ou está desativada; não há como convidá-la.",
            "Preencha o e-mail e ative o cadastro; depois gere o código.",
        ],
        [
            "This person has no email or is deactivated, and cannot be invited.",
            "Give an email and activate the person, then make the code.",
        ],
    ),
    meaning(
        "not_a_demonstration",
        409,
        [
            "A pasta da demonstração contém dados que não são dela.",
            "Nada foi tocado. Mude a pasta de lugar e tente de novo.",
        ],
        [
            "The demonstration’s folder holds data that is not the demonstration’s.",
            "Nothing was touched. Move the folder away and try again.",
        ],
    ),
    meaning(
        "clock_before_build",
        409,
        [
            "O relógio deste computador está atrasado: marca uma data anterior ao próprio programa.",
            "Acerte data e hora e abra o TaskMed de novo.",
        ],
        [
            "The clock of this computer is behind: it is earlier than the program itself.",
            "Set date and time and start TaskMed again.",
        ],
    ),
    meaning(
        "stale",
        412,
        [
            "Alguém mudou este registro depois que você o abriu.",
            "Recarregue, confira o que mudou e salve de novo; o que você digitou continua na tela.",
        ],
        [
            "Someone has changed this record since you opened it.",
            "Reload, look at what changed and save again; what you typed is still there.",
        ],
    ),
    meaning(
        "too_large",
        413,
        ["Os dados enviados são grandes demais.", "Divida o arquivo em partes menores."],
        ["What was sent is too large.", "Split the file into smaller parts."],
    ),
    meaning(
        "unsupported_media_type",
        415,
        ["O tipo de conteúdo não é aceito aqui.", "Envie application/json; importações aceitam text/csv."],
        ["The type of content is not taken here.", "Send application/json; imports take text/csv."],
    ),
    meaning(
        "unsupported_encoding",
        415,
        ["Corpos comprimidos não são aceitos.", "Envie sem Content-Encoding."],
        ["Compressed bodies are not taken.", "Send it without Content-Encoding."],
    ),
    meaning(
        "foreign_host",
        421,
        [
            "O endereço usado não é deste computador.",
            "Abra o TaskMed pelo endereço mostrado no computador principal.",
        ],
        [
            "The address used is not this machine’s.",
            "Open TaskMed by the address shown on the main computer.",
        ],
    ),
    meaning(
        "invalid",
        422,
        [
            "Há campos com valores errados.",
            "Corrija os campos indicados; errors traz todos de uma vez, cada um com seu código.",
        ],
        [
            "Some fields have wrong values.",
            "Correct the fields named; errors has all of them at once, each with its code.",
        ],
    ),
    meaning(
        "bad_file",
        422,
        [
            "O arquivo não pôde ser lido como planilha; nada foi importado.",
            "Corrija as linhas indicadas e envie de novo.",
        ],
        [
            "The file could not be read as a table; nothing was imported.",
            "Correct the lines named and send it again.",
        ],
    ),
    meaning(
        "precondition_required",
        428,
        [
            "A mudança não diz qual versão do registro foi lida.",
            "Envie If-Match com o ETag recebido na leitura.",
        ],
        [
            "The change does not say which version of the record was read.",
            "Send If-Match with the ETag that came with the record.",
        ],
    ),
    meaning(
        "too_many",
        429,
        [
            "Foram tentativas demais em pouco tempo.",
            "Espere o tempo indicado em Retry-After e tente de novo.",
        ],
        [
            "There were too many attempts in a short time.",
            "Wait for the time given in Retry-After and try again.",
        ],
    ),
    meaning(
        "internal",
        500,
        [
            "Algo deu errado dentro do TaskMed. Nada ficou pela metade.",
            "Tente de novo. Se continuar, informe ao suporte o request_id.",
        ],
        [
            "Something went wrong inside TaskMed. Nothing was left half done.",
            "Try again. If it goes on, give support the request_id.",
        ],
    ),
    meaning(
        "cannot_measure",
        503,
        [
            "A medição não pôde ser iniciada neste computador.",
            "Veja o motivo no registro do programa (pasta logs), ou meça pelo terminal: taskmed capacity.",
        ],
        [
            "The measurement could not be started on this computer.",
            "See the reason in the program’s log (folder logs), or measure from a terminal: taskmed capacity.",
        ],
    ),
    meaning(
        "backup_folder_missing",
        503,
        [
            "A pasta das cópias de segurança não foi encontrada.",
            "Ligue o disco ou a rede onde ela fica, ou corrija backup_folder em taskmed.toml, e tente de novo.",
        ],
        [
            "The folder for backups was not found.",
            "Connect the disk or the network it is on, or correct backup_folder in taskmed.toml, and try again.",
        ],
    ),
    meaning(
        "copying_failed",
        503,
        [
            "A cópia de segurança não pôde ser feita. Os dados e as cópias anteriores estão como estavam.",
            "Veja o motivo no registro do programa (pasta logs) e tente de novo, se preciso em outro disco.",
        ],
        [
            "The backup could not be made. The data and earlier backups are as they were.",
            "See the reason in the program’s log (folder logs) and try again, on another disk if need be.",
        ],
    ),
    meaning(
        "full",
        503,
        [
            "Há mais gente trabalhando do que este computador atende bem, e quem já entrou vem primeiro.",
            "Espere alguns instantes e entre de novo. Quem já está trabalhando não é interrompido; o responsável pela clínica sempre entra.",
        ],
        [
            "More people are at work than this computer carries well, and those already in come first.",
            "Wait a moment and sign in again. Nobody at work is interrupted; the clinic’s owner is always let in.",
        ],
    ),
    meaning(
        "busy",
        503,
        ["O TaskMed está ocupado ou sendo encerrado.", "Tente de novo em instantes; o pedido não foi feito."],
        ["TaskMed is busy or stopping.", "Try again in a moment; the request was not carried out."],
    ),
    meaning(
        "clinic_failed",
        503,
        [
            "Os arquivos desta clínica existem, mas não puderam ser abertos. Nada foi mudado neles.",
            "Veja o motivo no registro do programa (pasta logs). Se o computador foi trocado, use o código de recuperação; se o arquivo foi danificado, restaure um backup.",
        ],
        [
            "The files of this clinic are there but could not be opened. Nothing in them was changed.",
            "See the reason in the program’s log (folder logs). If the computer is another one, use the recovery code; if the file is damaged, restore a backup.",
        ],
    ),
    meaning(
        "storage_full",
        507,
        [
            "O disco do computador está cheio.",
            "Libere espaço e tente de novo; o que já estava gravado está intacto.",
        ],
        ["The computer’s disk is full.", "Free some space and try again; what was saved before is intact."],
    ),
];
