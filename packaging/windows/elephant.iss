; The installer for Windows: an Inno Setup 6 script. packaging/windows/make.py compiles it and gives these values:
;
;   Version        what people read, such as 0.2.0~rc1
;   FourNumbers    what Windows compares, such as 0.2.0.0
;   Frozen         the folder of the frozen program, with Elephant.exe in it
;   LongestPath    characters of the longest path below that folder
;   Output, Name   where the installer goes, and its name without .exe
;   Signed         defined if ISCC was given a sign tool called elephant (/Selephant=...), for the installer and the uninstaller
;   Quick          defined to pack fast and large, to try something out

#if Ver < EncodeVer(6, 3, 0)
  #error Inno Setup 6.3 or newer is needed: older ones do not know x64compatible
#endif
#ifndef Version
  #error Compile this with packaging/windows/make.py, which gives the version and the folders
#endif
#define Program "Elephant.exe"
#if !FileExists(AddBackslash(Frozen) + Program)
  #error The frozen program is not there: python packaging/build.py freeze
#endif

[Setup]
; Never changed: by this Windows knows an older version as the same program.
AppId={{AA572341-C5CE-4B48-81DF-0E9E954CAC6E}
AppName=Elephant
AppVersion={#Version}
AppVerName=Elephant {#Version}
AppPublisher=The Elephant authors
AppCopyright=Copyright 2026 The Elephant authors. Apache License 2.0
VersionInfoVersion={#FourNumbers}
VersionInfoDescription=Elephant
UninstallDisplayName=Elephant
UninstallDisplayIcon={app}\{#Program}

; Windows 10 of October 2018 is the oldest that Qt runs on. x64compatible: also Windows 11 on Arm, which runs such programs.
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible

; For one person, without asking for a password. Who wants it for all users is offered that first.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
DefaultDirName={autopf}\Elephant
DisableProgramGroupPage=yes
ChangesAssociations=yes
SetupMutex=ElephantSetup

; An open Elephant is closed before its files are replaced. By force where it must be: its engine has no window that could be asked, and
; every part of it may be ended at any moment without losing what was acknowledged (docs/decisions/0801).
CloseApplications=force
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=no

ShowLanguageDialog=auto
WizardStyle=modern
SetupIconFile=elephant.ico
WizardSmallImageFile=setup.bmp
WizardImageFile=setup-side.bmp
#ifdef Quick
Compression=zip/1
#else
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
#endif
OutputDir={#Output}
OutputBaseFilename={#Name}
#ifdef Signed
SignTool=elephant
SignedUninstaller=yes
#endif

[Languages]
; Inno Setup brings no Chinese. chinese-simplified.isl is our own translation; a sentence that a newer Inno Setup adds stays English.
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "zh"; MessagesFile: "compiler:Default.isl,chinese-simplified.isl"

[Messages]
en.ConfirmUninstall=Remove %1 from this computer?%n%nYour notes are not touched. Your chats, settings and models are kept too.
zh.ConfirmUninstall=要从此电脑上移除 %1 吗？%n%n你的笔记不会被改动，对话、设置和模型也会保留。
en.UninstalledAll=%1 was removed. Your notes were not touched.%n%nYour chats, settings and models are kept in the folder “Elephant” in AppData\Local of your user folder. Elephant finds them there when it is installed again; if you no longer want them, delete that folder.
zh.UninstalledAll=%1 已移除，你的笔记没有被改动。%n%n对话、设置和模型保留在用户文件夹下 AppData\Local 中的“Elephant”文件夹里。以后重新安装时，Elephant 会在那里找到它们；如果不再需要，可以删除该文件夹。

[CustomMessages]
en.DesktopIcon=Put an icon on the &desktop
zh.DesktopIcon=在桌面上放置图标(&D)
en.FolderMenu=Add “Ask Elephant about this folder” to the &menu of folders
zh.FolderMenu=在文件夹的右键菜单中添加“向 Elephant 询问此文件夹”(&M)
en.AskAboutFolder=Ask Elephant about this folder
zh.AskAboutFolder=向 Elephant 询问此文件夹
en.ModelFile=Language model (GGUF)
zh.ModelFile=语言模型（GGUF）
en.OpenElephant=Open Elephant
zh.OpenElephant=打开 Elephant
en.PathTooLong=This folder lies too deep: with the files of Elephant in it, paths would grow to %1 characters, and Windows allows %2. Choose a folder with a shorter path.
zh.PathTooLong=此文件夹的路径太长：放入 Elephant 的文件后，路径会达到 %1 个字符，而 Windows 只允许 %2 个。请选择路径较短的文件夹。
en.OwnDataFolder=Elephant keeps your chats, settings and models in this folder. Choose another one for the program itself.
zh.OwnDataFolder=Elephant 把对话、设置和模型保存在此文件夹中。请为程序本身选择另一个文件夹。
en.StillOpen=Elephant is still open. Quit it, wait a moment, then choose Retry.
zh.StillOpen=Elephant 仍在运行。请先退出，稍等片刻，再选择“重试”。

[Tasks]
Name: "folders"; Description: "{cm:FolderMenu}"
Name: "desktop"; Description: "{cm:DesktopIcon}"; Flags: unchecked

[Files]
; The program comes first, and before it goes what only an older version had: it must not stay between the files of this one.
Source: "{#Frozen}\{#Program}"; DestDir: "{app}"; Flags: ignoreversion; BeforeInstall: RemoveOlder
Source: "{#Frozen}\*"; Excludes: "\{#Program}"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Elephant"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\Elephant"; Filename: "{app}\{#Program}"; Tasks: desktop

[Registry]
; Model files: one more program under “Open with”. What opens them by itself stays what it was.
Root: HKA; Subkey: "Software\Classes\Elephant.gguf"; ValueType: string; ValueData: "{cm:ModelFile}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Elephant.gguf\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Program},0"
Root: HKA; Subkey: "Software\Classes\Elephant.gguf\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.gguf"; ValueType: none; Flags: uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.gguf\OpenWithProgids"; ValueType: string; ValueName: "Elephant.gguf"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Elephant"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}\SupportedTypes"; ValueType: string; ValueName: ".gguf"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
; Folders: one line in their menu.
Root: HKA; Subkey: "Software\Classes\Directory\shell\Elephant"; ValueType: string; ValueData: "{cm:AskAboutFolder}"; Tasks: folders; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\Elephant"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\{#Program},0"; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\Elephant\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""; Tasks: folders

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:OpenElephant}"; Flags: nowait postinstall skipifsilent

[Code]
const
  LongestAllowed = 259;

// A sentence, or nothing if the folder will do.
function TroubleWith(Folder: String): String;
var
  Characters: Integer;
begin
  Characters := Length(AddBackslash(Folder)) + {#LongestPath};
  if CompareText(RemoveBackslash(Folder), ExpandConstant('{localappdata}\Elephant')) = 0 then
    Result := CustomMessage('OwnDataFolder')
  else if Characters > LongestAllowed then
    Result := FmtMessage(CustomMessage('PathTooLong'), [IntToStr(Characters), IntToStr(LongestAllowed)])
  else
    Result := '';
end;

function NextButtonClick(CurPageID: Integer): Boolean;
var
  Trouble: String;
begin
  Result := True;
  if CurPageID = wpSelectDir then
  begin
    Trouble := TroubleWith(WizardDirValue);
    Result := Trouble = '';
    if not Result then
      SuppressibleMsgBox(Trouble, mbError, MB_OK, IDOK);
  end;
end;

// Again before anything is written: the page with the folder is left out when an older version is there, or by /DIR.
function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  Result := TroubleWith(WizardDirValue);
end;

// Windows lets nobody write into a program that runs, and every process of Elephant runs this one.
function IsOpen: Boolean;
var
  Name: String;
  Stream: TFileStream;
begin
  Result := False;
  Name := ExpandConstant('{app}\{#Program}');
  if not FileExists(Name) then
    exit;
  try
    Stream := TFileStream.Create(Name, fmOpenReadWrite or fmShareExclusive);
    Stream.Free;
  except
    Result := True;
  end;
end;

// Parts that have been told to end need a moment; after that the user is asked. False: they gave up.
function IsClosed: Boolean;
var
  Round: Integer;
begin
  Result := not IsOpen;
  while not Result do
  begin
    for Round := 1 to 10 do
      if IsOpen then
        Sleep(500);
    Result := not IsOpen;
    if not Result and (SuppressibleMsgBox(CustomMessage('StillOpen'), mbError, MB_RETRYCANCEL, IDCANCEL) <> IDRETRY) then
      exit;
  end;
end;

// Only once nothing runs. Who gives up here is asked again by Setup, which cannot replace the program, and then the old version is still whole.
procedure RemoveOlder;
begin
  if IsClosed then
    DelTree(ExpandConstant('{app}\_internal'), True, True, True);
end;

function InitializeUninstall: Boolean;
begin
  Result := IsClosed;
end;
