//! What letters say, in Portuguese. Of a rule they say what the screen says of it; a test compares them.
use super::words::{Phrases, Words};
use crate::telemetry::alerts::{RuleName, Severity, Unit};

/// The phrases around it.
pub const PHRASES: Phrases = Phrases {
    prefix: "TaskMed: ",
    over: "TaskMed, resolvido: ",
    computer: "Computador: ",
    clinic: "Clínica número: ",
    how_bad: "Gravidade: ",
    since: "Desde: ",
    until: "Resolvido em: ",
    value: "Medido: ",
    above: "avisa acima de ",
    below: "avisa abaixo de ",
    means: "O que significa: ",
    remedy: "O que fazer: ",
    is_over: "Passou: não é preciso fazer mais nada agora.",
    trial: "mensagem de teste",
    trial_text: "Alguém pediu em “Saúde do sistema” para conferir se os avisos por e-mail chegam. Chegaram.",
    closing: "Os detalhes estão em “Saúde do sistema”, no TaskMed. Esta mensagem não leva dados de pacientes.",
    decimal: ",",
};

/// How bad it is.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "para saber",
        Severity::Warning => "grave: alguém precisa olhar hoje",
        Severity::Critical => "muito grave: alguém precisa agir agora",
    }
}

/// What a figure counts.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Milliseconds => " ms",
        Unit::Share => " %",
        Unit::People => " pessoas",
        Unit::Jobs => " gravações",
        Unit::Bytes => " MB",
        Unit::Seconds => " s",
        Unit::Count => "",
    }
}

/// What a rule means and what to do.
pub fn words(rule: RuleName) -> Words {
    let (title, means, remedy) = match rule {
        RuleName::ResponseTime => (
            "As telas estão demorando",
            "Uma parte das respostas passa do tempo que as pessoas percebem como imediato.",
            "Feche programas pesados neste computador e veja se há antivírus ou cópia de arquivos em andamento. Se continuar, chame o suporte técnico.",
        ),
        RuleName::ErrorRate => (
            "O TaskMed está falhando em responder",
            "Mais pedidos do que o normal terminaram em falha do programa. O que foi confirmado na tela está gravado.",
            "Veja o espaço em disco nas verificações abaixo, reinicie o TaskMed fora do horário de atendimento e mande o registro ao suporte.",
        ),
        RuleName::Capacity => (
            "Há gente demais para este computador",
            "O número de pessoas trabalhando chegou perto do que este computador aguenta. Quem já está trabalhando continua; novas entradas podem ter de esperar.",
            "Peça a quem não está usando que saia. Se acontece sempre, use um computador mais forte e meça a capacidade de novo.",
        ),
        RuleName::WriterQueue => (
            "Gravações se acumulando",
            "Há mais gravações esperando do que o disco consegue fazer. Nada se perde, mas salvar demora.",
            "Espere importações terminarem e feche o que usa o disco. Se continuar, o disco pode estar com defeito: chame o suporte técnico.",
        ),
        RuleName::Disk => (
            "O disco está ficando cheio",
            "Quando o espaço acabar, nada mais poderá ser gravado.",
            "Apague arquivos que não usa ou aumente o disco. Não apague nada dentro da pasta do TaskMed.",
        ),
        RuleName::Certificate => (
            "O certificado está para vencer",
            "Depois disso os outros aparelhos mostram um aviso de segurança ao abrir o TaskMed.",
            "Reinicie o TaskMed: ele renova o certificado sozinho ao abrir.",
        ),
        RuleName::Clock => (
            "O relógio do computador mudou",
            "Horários de consultas e da auditoria dependem dele.",
            "Ligue o ajuste automático de data e hora neste computador e confira o fuso.",
        ),
        RuleName::ChainBroken => (
            "A trilha de auditoria foi alterada",
            "Os registros de quem fez o quê não conferem com as assinaturas: alguém mexeu no arquivo ou o disco o danificou.",
            "Não apague nada. Abra a Auditoria, verifique a trilha para ver onde quebra e chame o responsável e o suporte.",
        ),
        RuleName::SignInAttack => (
            "Muitas tentativas de entrar com senha errada",
            "Alguém pode estar tentando adivinhar uma senha. As tentativas já são atrasadas e recusadas.",
            "Pergunte à equipe se alguém esqueceu a senha. Se não, veja na Auditoria de qual endereço vêm e desligue da rede o aparelho que não conhece.",
        ),
        RuleName::CacheUnavailable => (
            "A memória rápida parou de ajudar",
            "As telas são lidas do disco a cada vez. Nada está errado nos dados, mas fica mais lento.",
            "Reinicie o TaskMed fora do horário de atendimento. Se voltar a acontecer, chame o suporte.",
        ),
        RuleName::MessagesFailed => (
            "Há avisos que não chegaram",
            "Avisos por e-mail ou para o endereço das configurações não foram entregues, mesmo depois de várias tentativas. Quem não olha esta tela não ficou sabendo.",
            "Confira a internet deste computador e, no taskmed.toml, o servidor de e-mail, a senha e os endereços. Depois envie uma mensagem de teste em “Saúde do sistema”.",
        ),
        RuleName::BackupAge => (
            "A última cópia de segurança está velha",
            "Se o disco estragar hoje, perde-se tudo o que foi feito depois dela.",
            "Abra Configurações → Cópias de segurança e copie agora. Se as cópias ficam em outro disco, veja se ele está ligado.",
        ),
        RuleName::BackupFailed => (
            "A cópia de segurança não pôde ser feita",
            "A clínica continua funcionando e as cópias anteriores estão intactas, mas o que é feito agora ainda não está em nenhuma cópia.",
            "Abra Configurações → Cópias de segurança para ver o motivo: disco cheio ou desligado são os mais comuns. Resolva e copie de novo; o TaskMed também tenta sozinho a cada dez minutos.",
        ),
        RuleName::DrillFailed => (
            "A última cópia de segurança não pode ser restaurada",
            "No teste semanal a cópia não voltou inteira: o disco das cópias pode estar com defeito.",
            "Faça outra cópia agora, de preferência em outro disco. O TaskMed testa a próxima assim que ela existir; se falhar de novo, troque o disco.",
        ),
    };
    Words { title, means, remedy }
}
