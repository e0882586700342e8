<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>About</name>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>Runs from its source, at commit {commit}</source>
        <translation>直接从源代码运行，提交号 {commit}</translation>
    </message>
    <message>
        <source>Installed as a Python package</source>
        <translation>以 Python 软件包的形式安装</translation>
    </message>
    <message>
        <source>Built from commit {commit}</source>
        <translation>由提交 {commit} 构建</translation>
    </message>
    <message>
        <source>Built on {day}</source>
        <translation>构建于 {day}</translation>
    </message>
    <message>
        <source>Built on {day} from commit {commit}</source>
        <translation>构建于 {day}，提交号 {commit}</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>库</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>System library</source>
        <translation>系统库</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>未说明许可证</translation>
    </message>
    <message>
        <source>one part of its own</source>
        <translation>内含 1 个组成部分</translation>
    </message>
    <message>
        <source>{n} parts of its own</source>
        <translation>内含 {n} 个组成部分</translation>
    </message>
    <message>
        <source>1 part</source>
        <translation>1 个组成部分</translation>
    </message>
    <message>
        <source>{n} parts</source>
        <translation>{n} 个组成部分</translation>
    </message>
    <message>
        <source>{n} of {m} parts</source>
        <translation>{n} / {m} 个组成部分</translation>
    </message>
    <message>
        <source>All {n} files are as they were built.</source>
        <translation>全部 {n} 个文件都与构建时一致。</translation>
    </message>
    <message>
        <source>This copy is not as it was built.</source>
        <translation>这份程序与构建时不一致。</translation>
    </message>
    <message>
        <source>Changed: {changed}. Missing: {missing}. As they were: {right}.</source>
        <translation>被改动：{changed}。缺失：{missing}。一致：{right}。</translation>
    </message>
    <message>
        <source>Get Elephant again from where you had it. Your notes and chats are kept apart from it.</source>
        <translation>请从原来的地方重新获取 Elephant。你的笔记和对话不在程序文件夹里，不受影响。</translation>
    </message>
    <message>
        <source>One file lies beside them that was not built with them.</source>
        <translation>旁边另有 1 个文件，不是构建时的文件。</translation>
    </message>
    <message>
        <source>{n} files lie beside them that were not built with them.</source>
        <translation>旁边另有 {n} 个文件，不是构建时的文件。</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>被改动</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Not of the build</source>
        <translation>不属于构建</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>还有 {n} 个</translation>
    </message>
    <message>
        <source>No checksums came with this copy, so its files cannot be checked.</source>
        <translation>这份程序没有附带校验和，无法检查它的文件。</translation>
    </message>
    <message>
        <source>This Elephant was not built into a program: it runs from files that you or Python put here, so there is no build to compare them with.</source>
        <translation>这个 Elephant 没有构建成独立程序：它使用你或 Python 放在这里的文件运行，因此没有可以对照的构建。</translation>
    </message>
</context>
<context>
    <name>AboutPage</name>
    <message>
        <source>About Elephant</source>
        <translation>关于 Elephant</translation>
    </message>
    <message>
        <source>What Elephant is made of</source>
        <translation>Elephant 的组成</translation>
    </message>
    <message>
        <source>This copy</source>
        <translation>这份程序</translation>
    </message>
    <message>
        <source>Copy these details</source>
        <translation>复制这些信息</translation>
    </message>
    <message>
        <source>For a report of something that does not work. They hold nothing of yours.</source>
        <translation>报告问题时使用，其中没有你的任何内容。</translation>
    </message>
    <message>
        <source>Apache License 2.0</source>
        <translation>Apache 许可证 2.0</translation>
    </message>
    <message>
        <source>Apache License 2.0: show the licence of Elephant</source>
        <translation>Apache 许可证 2.0：显示 Elephant 的许可证</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>A desktop assistant that never forgets your notes: it answers from them on this machine and shows the passage that proves each answer.</source>
        <translation>不会忘记你的笔记的桌面助手：只在本机依据笔记回答，并给出每个回答的原文依据。</translation>
    </message>
    <message>
        <source>Show the bill of materials</source>
        <translation>显示物料清单</translation>
    </message>
    <message>
        <source>The bill of materials names every part, also those inside others, for programs to read (CycloneDX). It lies here:</source>
        <translation>物料清单列出每个组成部分，包括内含的部分，供程序读取（CycloneDX 格式）。它在这里：</translation>
    </message>
    <message>
        <source>No bill of materials came with this copy; the parts above are those that are installed for it.</source>
        <translation>这份程序没有附带物料清单；上面列出的是为它安装的组成部分。</translation>
    </message>
</context>
<context>
    <name>AddBox</name>
    <message>
        <source>Adding a model</source>
        <translation>正在添加模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Checking the file…</source>
        <translation>正在检查文件…</translation>
    </message>
    <message>
        <source>Copying the file…</source>
        <translation>正在复制文件…</translation>
    </message>
    <message>
        <source>Adding the file…</source>
        <translation>正在添加文件…</translation>
    </message>
</context>
<context>
    <name>AddQuestion</name>
    <message>
        <source>Put {title} on the shelf?</source>
        <translation>把 {title} 放上模型架？</translation>
    </message>
    <message>
        <source>Add it</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Use it where it lies</source>
        <translation>在原处使用</translation>
    </message>
    <message>
        <source>Copy it into the models folder</source>
        <translation>复制到模型文件夹</translation>
    </message>
    <message>
        <source>Takes {size}; {free} are free. The first file may then be moved or deleted.</source>
        <translation>占用 {size}，可用 {free}。之后可以移动或删除原来的文件。</translation>
    </message>
    <message>
        <source>There is no room for it: it takes {size}, and {free} are free.</source>
        <translation>空间不够：需要 {size}，可用 {free}。</translation>
    </message>
    <message>
        <source>Takes no space. It must stay at its place.</source>
        <translation>不占空间，但文件要留在原处。</translation>
    </message>
</context>
<context>
    <name>Adding</name>
    <message>
        <source>Elephant sample notes</source>
        <translation>Elephant 示例笔记</translation>
    </message>
    <message>
        <source>Choose a folder of notes</source>
        <translation>选择一个笔记文件夹</translation>
    </message>
    <message>
        <source>Elephant cannot read {name} and {n} more.</source>
        <translation>Elephant 无法读取 {name} 等文件（另有 {n} 个）。</translation>
    </message>
    <message>
        <source>Elephant cannot read {name}.</source>
        <translation>Elephant 无法读取 {name}。</translation>
    </message>
    <message>
        <source>“{name}” is in the library already.</source>
        <translation>“{name}”已在资料库中。</translation>
    </message>
    <message>
        <source>The sample notes could not be copied to your documents.</source>
        <translation>无法把示例笔记复制到你的文档文件夹。</translation>
    </message>
</context>
<context>
    <name>AddressLabel</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>AnswerMenu</name>
    <message>
        <source>Copy or save as…</source>
        <translation>复制或另存为…</translation>
    </message>
    <message>
        <source>Copy or save the answer</source>
        <translation>复制或保存回答</translation>
    </message>
    <message>
        <source>Copy as Markdown, with sources</source>
        <translation>复制为 Markdown（含来源）</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Save as a note…</source>
        <translation>另存为笔记…</translation>
    </message>
</context>
<context>
    <name>AnswerView</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Source {n}: {note}</source>
        <translation>出处 {n}：{note}</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Waiting for the engine to start</source>
        <translation>正在等待引擎启动</translation>
    </message>
    <message>
        <source>Your question was not sent. Here it is again.</source>
        <translation>你的问题没有发出，已放回输入框。</translation>
    </message>
</context>
<context>
    <name>BackupsDialog</name>
    <message>
        <source>Backups of your chats</source>
        <translation>对话的备份</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>There is no backup yet. One is made every hour in which something changed, and when Elephant closes.</source>
        <translation>还没有备份。有变化时每小时备份一次，关闭 Elephant 时也会备份。</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Restore this backup</source>
        <translation>恢复这个备份</translation>
    </message>
    <message>
        <source>You have {chats} now.</source>
        <translation>现在有 {chats}。</translation>
    </message>
    <message>
        <source>This backup is damaged and cannot be used.</source>
        <translation>这个备份已损坏，无法使用。</translation>
    </message>
    <message>
        <source>You have {now}; this backup has {then}, from {when}.</source>
        <translation>现在有 {now}；这个备份有 {then}，备份于 {when}。</translation>
    </message>
    <message>
        <source>Whatever was asked, renamed or deleted after that is undone.</source>
        <translation>此后的提问、改名和删除都会撤销。</translation>
    </message>
    <message>
        <source>What you have now is backed up first, so you can come back to it.</source>
        <translation>恢复前会先备份现在的对话，因此可以再换回来。</translation>
    </message>
    <message>
        <source>Backed up.</source>
        <translation>已备份。</translation>
    </message>
    <message>
        <source>Your chats are those of {when} again: {inside}.</source>
        <translation>对话已恢复到 {when} 的样子：{inside}。</translation>
    </message>
</context>
<context>
    <name>Beside</name>
    <message>
        <source>Elephant keeps running</source>
        <translation>Elephant 继续运行</translation>
    </message>
    <message>
        <source>It is here in the tray, as you chose in the settings. Quit it from this icon&apos;s menu.</source>
        <translation>按照你在设置中的选择，它留在托盘里。可从此图标的菜单退出。</translation>
    </message>
</context>
<context>
    <name>BranchSwitcher</name>
    <message>
        <source>Branch before</source>
        <translation>上一个分支</translation>
    </message>
    <message>
        <source>Branch after</source>
        <translation>下一个分支</translation>
    </message>
    <message>
        <source>Branch {n} of {count}</source>
        <translation>第 {n} 个分支，共 {count} 个</translation>
    </message>
    <message>
        <source>This question was edited or answered again. All versions are kept.</source>
        <translation>这个问题经过修改或重新回答。所有版本都已保留。</translation>
    </message>
</context>
<context>
    <name>ChangesPanel</name>
    <message>
        <source>new</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>有修改</translation>
    </message>
    <message>
        <source>renamed</source>
        <translation>已改名</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>was {name}</source>
        <translation>原为 {name}</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Since yesterday</source>
        <translation>昨天以来</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Look at the last 7 days</source>
        <translation>看看最近 7 天</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The latest {n} are listed.</source>
        <translation>仅列出最近的 {n} 篇。</translation>
    </message>
    <message>
        <source>Nothing has changed today.</source>
        <translation>今天没有变化。</translation>
    </message>
    <message>
        <source>Nothing has changed since yesterday.</source>
        <translation>昨天以来没有变化。</translation>
    </message>
    <message>
        <source>Nothing has changed in the last 7 days.</source>
        <translation>最近 7 天没有变化。</translation>
    </message>
</context>
<context>
    <name>Chat</name>
    <message>
        <source>It leads out of Elephant to this address:</source>
        <translation>它会离开 Elephant，前往这个地址：</translation>
    </message>
    <message>
        <source>Elephant opens only web addresses. This link points to:</source>
        <translation>Elephant 只打开网址。这个链接指向：</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Open this link?</source>
        <translation>打开这个链接吗？</translation>
    </message>
    <message>
        <source>A link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Address of the link</source>
        <translation>链接地址</translation>
    </message>
    <message>
        <source>page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>Reading {passages}</source>
        <translation>正在阅读 {passages}</translation>
    </message>
    <message>
        <source>Reading your notes</source>
        <translation>正在阅读你的笔记</translation>
    </message>
    <message>
        <source>Searching your notes</source>
        <translation>正在搜索你的笔记</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在写</translation>
    </message>
    <message>
        <source>Checking against your notes</source>
        <translation>正在与笔记核对</translation>
    </message>
    <message>
        <source>under 0.1 s</source>
        <translation>不到 0.1 秒</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} tokens/s</source>
        <translation>每秒 {n} 个词元</translation>
    </message>
    <message>
        <source>first word {time}</source>
        <translation>首字 {time}</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <source>{n} tokens</source>
        <translation>{n} 个词元</translation>
    </message>
    <message>
        <source>{n} tokens, {kept} of them remembered</source>
        <translation>{n} 个词元，其中 {kept} 个沿用上次</translation>
    </message>
    <message>
        <source>Choosing the quote</source>
        <translation>挑选原文</translation>
    </message>
    <message>
        <source>Reading the passages</source>
        <translation>阅读段落</translation>
    </message>
    <message>
        <source>First word</source>
        <translation>首字</translation>
    </message>
    <message>
        <source>on the processor: the graphics card has no room for it</source>
        <translation>在处理器上运行：显卡放不下它</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>撰写模型</translation>
    </message>
    <message>
        <source>the oldest are no longer read: the model cannot hold them all</source>
        <translation>最早的已不再读取：模型装不下全部</translation>
    </message>
    <message>
        <source>Earlier questions</source>
        <translation>先前的问题</translation>
    </message>
    <message>
        <source>One sentence is not in your notes.</source>
        <translation>有一句话在笔记中找不到依据。</translation>
    </message>
    <message>
        <source>{n} sentences are not in your notes.</source>
        <translation>有 {n} 句话在笔记中找不到依据。</translation>
    </message>
    <message>
        <source>The model wrote a sentence that your notes do not prove; it is left out.</source>
        <translation>模型还写了一句笔记无法证实的话，已略去。</translation>
    </message>
    <message>
        <source>The model wrote {n} sentences that your notes do not prove; they are left out.</source>
        <translation>模型还写了 {n} 句笔记无法证实的话，已略去。</translation>
    </message>
    <message>
        <source>Your notes do not seem to say. These come closest:</source>
        <translation>笔记里似乎没有提到。最接近的内容：</translation>
    </message>
    <message>
        <source>Your notes do not seem to say.</source>
        <translation>笔记里似乎没有提到。</translation>
    </message>
    <message>
        <source>Sources:</source>
        <translation>出处：</translation>
    </message>
    <message>
        <source>All notes</source>
        <translation>全部笔记</translation>
    </message>
    <message>
        <source>{n} folders</source>
        <translation>{n} 个文件夹</translation>
    </message>
    <message>
        <source>1 folder</source>
        <translation>1 个文件夹</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 篇笔记</translation>
    </message>
    <message>
        <source>{n} notes</source>
        <translation>{n} 篇笔记</translation>
    </message>
    <message>
        <source>{n} places</source>
        <translation>{n} 处</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Only asked: {names}</source>
        <translation>只在此范围内提问：{names}</translation>
    </message>
</context>
<context>
    <name>ChatHeader</name>
    <message>
        <source>on this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Model: {text}</source>
        <translation>模型：{text}</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>选择其他模型</translation>
    </message>
</context>
<context>
    <name>ChatPane</name>
    <message>
        <source>An answer is still being written. Send your question when it is done.</source>
        <translation>还在写一个回答。等它写完再发送你的问题。</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>ChatsList</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Your chats will be kept here.</source>
        <translation>你的对话会保存在这里。</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Delete chat</source>
        <translation>删除对话</translation>
    </message>
    <message>
        <source>Backups…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Export all…</source>
        <translation>全部导出…</translation>
    </message>
    <message>
        <source>This chat was deleted too long ago to be brought back.</source>
        <translation>这个对话删除得太久，已无法恢复。</translation>
    </message>
    <message>
        <source>Chat deleted.</source>
        <translation>对话已删除。</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>ChosenWords</name>
    <message>
        <source>Ask about this</source>
        <translation>就此提问</translation>
    </message>
    <message>
        <source>Ask about the chosen words ({keys})</source>
        <translation>就选中的文字提问（{keys}）</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>ChunksPage</name>
    <message>
        <source>meaning not read yet</source>
        <translation>尚未理解内容</translation>
    </message>
    <message>
        <source>Passages as indexed</source>
        <translation>索引中的段落</translation>
    </message>
    <message>
        <source>Passages</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Text of the passage</source>
        <translation>段落文字</translation>
    </message>
    <message>
        <source>Show in the note</source>
        <translation>在笔记中显示</translation>
    </message>
    <message>
        <source>Inside the library</source>
        <translation>资料库详情</translation>
    </message>
    <message>
        <source>page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>characters {start} to {end}</source>
        <translation>第 {start} 到 {end} 个字符</translation>
    </message>
</context>
<context>
    <name>Clearing</name>
    <message>
        <source>In all: {counted}.</source>
        <translation>共 {counted}。</translation>
    </message>
    <message>
        <source>Your notes stay as they are.</source>
        <translation>你的笔记保持原样。</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>此操作无法撤销。</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>All questions and answers, with every backup of them.</source>
        <translation>所有问题和回答，以及它们的全部备份。</translation>
    </message>
    <message>
        <source>Clear the chats…</source>
        <translation>清除对话…</translation>
    </message>
    <message>
        <source>Clear all chats?</source>
        <translation>清除所有对话？</translation>
    </message>
    <message>
        <source>All your questions and answers go, and every backup of them.</source>
        <translation>你的所有问题和回答都会删除，它们的备份也一并删除。</translation>
    </message>
    <message>
        <source>The index, your folders and your settings stay.</source>
        <translation>索引、文件夹和设置都会保留。</translation>
    </message>
    <message>
        <source>Clear the chats</source>
        <translation>清除对话</translation>
    </message>
    <message>
        <source>The chats and their backups are gone.</source>
        <translation>对话及其备份已清除。</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>What was read from your notes. It is made anew from them at once.</source>
        <translation>从笔记中读到的内容。清除后会立即根据笔记重建。</translation>
    </message>
    <message>
        <source>Make it anew…</source>
        <translation>重建索引…</translation>
    </message>
    <message>
        <source>Make the index anew?</source>
        <translation>重建索引？</translation>
    </message>
    <message>
        <source>What was read from your notes goes, and every note is read again: words can be searched soon, meaning follows.</source>
        <translation>从笔记中读到的内容会删除，每篇笔记都会重新读取：很快就能按字词搜索，按内容搜索随后恢复。</translation>
    </message>
    <message>
        <source>Your chats, folders and settings stay.</source>
        <translation>对话、文件夹和设置都会保留。</translation>
    </message>
    <message>
        <source>Make it anew</source>
        <translation>重建索引</translation>
    </message>
    <message>
        <source>The old index is gone, and your notes are being read again.</source>
        <translation>旧索引已清除，正在重新读取你的笔记。</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Chats, index, the list of folders, settings and logs: as on the first day.</source>
        <translation>对话、索引、文件夹列表、设置和日志，回到第一天的样子。</translation>
    </message>
    <message>
        <source>Clear everything…</source>
        <translation>全部清除…</translation>
    </message>
    <message>
        <source>Clear everything?</source>
        <translation>全部清除？</translation>
    </message>
    <message>
        <source>All chats and their backups, the index, the list of your folders, your settings and the logs go.</source>
        <translation>所有对话及其备份、索引、文件夹列表、设置和日志都会删除。</translation>
    </message>
    <message>
        <source>The models stay.</source>
        <translation>模型会保留。</translation>
    </message>
    <message>
        <source>Clear everything</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Everything is cleared. Elephant knows no folder and no chat any more.</source>
        <translation>已全部清除。Elephant 不再记得任何文件夹和对话。</translation>
    </message>
</context>
<context>
    <name>CodeBar</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the {language} code</source>
        <translation>复制 {language} 代码</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Ask about your notes…</source>
        <translation>问问你的笔记…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
    <message>
        <source>Ask (Enter)</source>
        <translation>提问（回车）</translation>
    </message>
    <message>
        <source>Enter asks · Shift+Enter begins a new line</source>
        <translation>回车提问 · Shift+回车换行</translation>
    </message>
</context>
<context>
    <name>CopyCheckBox</name>
    <message>
        <source>Check this copy</source>
        <translation>检查这份程序</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Check of this copy</source>
        <translation>检查这份程序的进度</translation>
    </message>
    <message>
        <source>Compares every file of the program with the checksums that were made when it was built.</source>
        <translation>把程序的每个文件与构建时生成的校验和对照。</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Checking · {done} of {total}</source>
        <translation>正在检查 · {done} / {total}</translation>
    </message>
</context>
<context>
    <name>DaysDialog</name>
    <message>
        <source>Between two days</source>
        <translation>两个日期之间</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>开始日期</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>结束日期</translation>
    </message>
    <message>
        <source>Use these days</source>
        <translation>使用这两天</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Password for {name}</source>
        <translation>{name} 的密码</translation>
    </message>
    <message>
        <source>It is used to read this file and forgotten when Elephant closes.</source>
        <translation>密码只用来读取这个文件，Elephant 关闭后即忘记。</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
</context>
<context>
    <name>DropOverlay</name>
    <message>
        <source>Elephant cannot read this</source>
        <translation>Elephant 无法读取它</translation>
    </message>
    <message>
        <source>Drop folders, or Markdown, text, PDF, Word and HTML files.</source>
        <translation>请拖入文件夹，或 Markdown、文本、PDF、Word、HTML 文件。</translation>
    </message>
    <message>
        <source>Put “{name}” on the shelf</source>
        <translation>把“{name}”放上模型架</translation>
    </message>
    <message>
        <source>The file is looked at first; then you say whether it is copied or used where it lies.</source>
        <translation>先查看文件，再由你决定复制它还是在原处使用。</translation>
    </message>
    <message>
        <source>Add “{name}” to the library</source>
        <translation>把“{name}”加入资料库</translation>
    </message>
    <message>
        <source>Add {n} notes to the library</source>
        <translation>把 {n} 篇笔记加入资料库</translation>
    </message>
    <message>
        <source>Add {n} folders and notes to the library</source>
        <translation>把 {n} 个文件夹和笔记加入资料库</translation>
    </message>
    <message>
        <source>Elephant reads them where they are. Nothing is moved, copied or changed.</source>
        <translation>Elephant 就地读取，不移动、不复制、不改动任何内容。</translation>
    </message>
    <message>
        <source>Elephant reads it where it is. Nothing is moved, copied or changed.</source>
        <translation>Elephant 就地读取，不移动、不复制、不改动任何内容。</translation>
    </message>
    <message>
        <source>Put “{name}” on the shelf, and add the rest to the library</source>
        <translation>把“{name}”放上模型架，其余加入资料库</translation>
    </message>
    <message>
        <source>Put {n} models on the shelf, and add the rest to the library</source>
        <translation>把 {n} 个模型放上模型架，其余加入资料库</translation>
    </message>
    <message>
        <source>Put {n} models on the shelf</source>
        <translation>把 {n} 个模型放上模型架</translation>
    </message>
    <message>
        <source>Each model file is looked at first; then you say whether it is copied or used where it lies.</source>
        <translation>先逐个查看模型文件，再由你决定复制还是在原处使用。</translation>
    </message>
</context>
<context>
    <name>EditingLine</name>
    <message>
        <source>The edited question begins another branch. This one stays, with all that follows.</source>
        <translation>修改后的问题会开始一个新分支。现在的分支及其后的内容都会保留。</translation>
    </message>
    <message>
        <source>Do not edit</source>
        <translation>不修改</translation>
    </message>
</context>
<context>
    <name>EmptyChat</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Opening your library…</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>Your notes, answered</source>
        <translation>问你的笔记</translation>
    </message>
    <message>
        <source>Drop a folder of notes anywhere on this window. Elephant reads it, never changes it, and nothing leaves this machine.</source>
        <translation>把笔记文件夹拖到窗口任意位置。Elephant 只读取、不改动，所有内容都留在本机。</translation>
    </message>
    <message>
        <source>No notes yet</source>
        <translation>还没有笔记</translation>
    </message>
    <message>
        <source>This folder holds nothing that can be read so far. Markdown, text, PDF, Word and web pages work.</source>
        <translation>这个文件夹里还没有可以读取的内容。支持 Markdown、文本、PDF、Word 和网页。</translation>
    </message>
    <message>
        <source>Ask about your notes</source>
        <translation>问问你的笔记</translation>
    </message>
    <message>
        <source>Every answer shows the words it rests on, from {notes}.</source>
        <translation>每个回答都标出所依据的原文，来自 {notes}。</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Ask again</source>
        <translation>重新提问</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Elephant chats</source>
        <translation>Elephant 对话</translation>
    </message>
    <message>
        <source>Replace “{name}”?</source>
        <translation>替换“{name}”？</translation>
    </message>
    <message>
        <source>There is a file of this name already. What is in it would be lost.</source>
        <translation>已有同名文件，替换后其中的内容会丢失。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Save it among your notes?</source>
        <translation>要存到笔记文件夹里吗？</translation>
    </message>
    <message>
        <source>{folder} is one of your notes folders, so the exported chats would be read as a note.</source>
        <translation>{folder} 是你的笔记文件夹，导出的对话会被当作笔记读取。</translation>
    </message>
    <message>
        <source>Save it there</source>
        <translation>存到那里</translation>
    </message>
    <message>
        <source>Export chats</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>A PDF is still being made. Export this one when it is done.</source>
        <translation>还有一个 PDF 正在生成。等它完成后再导出这个。</translation>
    </message>
    <message>
        <source>Making the PDF…</source>
        <translation>正在生成 PDF…</translation>
    </message>
    <message>
        <source>{chats} exported to {path}</source>
        <translation>已将 {chats}导出到 {path}</translation>
    </message>
</context>
<context>
    <name>FeedbackPanel</name>
    <message>
        <source>Not in my notes</source>
        <translation>笔记里没有</translation>
    </message>
    <message>
        <source>Wrong passage</source>
        <translation>段落不对</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>Hard to understand</source>
        <translation>不好懂</translation>
    </message>
    <message>
        <source>What was wrong? You need not say.</source>
        <translation>哪里不对？可以不填。</translation>
    </message>
    <message>
        <source>What helped? You need not say.</source>
        <translation>哪里有帮助？可以不填。</translation>
    </message>
    <message>
        <source>In your own words</source>
        <translation>用你自己的话说</translation>
    </message>
    <message>
        <source>Why, in your own words</source>
        <translation>原因，用你自己的话说</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>It stays on this machine, with this answer.</source>
        <translation>它只留在本机，和这个回答放在一起。</translation>
    </message>
</context>
<context>
    <name>FilesPanel</name>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Part of a name or folder</source>
        <translation>名称或文件夹的一部分</translation>
    </message>
    <message>
        <source>Retry these</source>
        <translation>重试这些</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>需要处理</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>已略过</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待读取</translation>
    </message>
    <message>
        <source>Found by words so far</source>
        <translation>目前只能按字词找到</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Open in its own program</source>
        <translation>用其他程序打开</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Passages as indexed</source>
        <translation>索引中的段落</translation>
    </message>
    <message>
        <source>Every reason</source>
        <translation>所有原因</translation>
    </message>
    <message>
        <source>No file is like that.</source>
        <translation>没有这样的文件。</translation>
    </message>
    <message>
        <source>Nothing needs your attention.</source>
        <translation>没有需要处理的文件。</translation>
    </message>
    <message>
        <source>There are none.</source>
        <translation>没有。</translation>
    </message>
    <message>
        <source>Enter password…</source>
        <translation>输入密码…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Elephant opens only documents in other programs. This file lies at {path}.</source>
        <translation>Elephant 只会让其他程序打开文档。这个文件位于 {path}。</translation>
    </message>
</context>
<context>
    <name>FilterChip</name>
    <message>
        <source>Take away: {filter}</source>
        <translation>移除：{filter}</translation>
    </message>
</context>
<context>
    <name>FilterChips</name>
    <message>
        <source>Filters</source>
        <translation>筛选条件</translation>
    </message>
</context>
<context>
    <name>FilterMenu</name>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Type it…</source>
        <translation>直接输入…</translation>
    </message>
    <message>
        <source>Between two days…</source>
        <translation>两个日期之间…</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>in a folder</source>
        <translation>在某个文件夹中</translation>
    </message>
    <message>
        <source>kind of file</source>
        <translation>文件的种类</translation>
    </message>
    <message>
        <source>with a tag</source>
        <translation>带有标签</translation>
    </message>
    <message>
        <source>words of the title</source>
        <translation>标题中的字词</translation>
    </message>
    <message>
        <source>from a day on</source>
        <translation>从某天起</translation>
    </message>
    <message>
        <source>up to a day</source>
        <translation>到某天为止</translation>
    </message>
    <message>
        <source>of a day or month</source>
        <translation>某天或某月</translation>
    </message>
    <message>
        <source>how far it is read</source>
        <translation>读取状态</translation>
    </message>
    <message>
        <source>Not folder: {value}</source>
        <translation>排除文件夹：{value}</translation>
    </message>
    <message>
        <source>Not type: {value}</source>
        <translation>排除类型：{value}</translation>
    </message>
    <message>
        <source>Not tag: {value}</source>
        <translation>排除标签：{value}</translation>
    </message>
    <message>
        <source>Not title: {value}</source>
        <translation>排除标题：{value}</translation>
    </message>
    <message>
        <source>Folder: {value}</source>
        <translation>文件夹：{value}</translation>
    </message>
    <message>
        <source>Type: {value}</source>
        <translation>类型：{value}</translation>
    </message>
    <message>
        <source>Tag: {value}</source>
        <translation>标签：{value}</translation>
    </message>
    <message>
        <source>Title: {value}</source>
        <translation>标题：{value}</translation>
    </message>
    <message>
        <source>Not from {value} on</source>
        <translation>排除{value}起</translation>
    </message>
    <message>
        <source>Not before {value}</source>
        <translation>排除{value}之前</translation>
    </message>
    <message>
        <source>Not {value}</source>
        <translation>排除{value}</translation>
    </message>
    <message>
        <source>Not state: {value}</source>
        <translation>排除状态：{value}</translation>
    </message>
    <message>
        <source>From {value} on</source>
        <translation>{value}起</translation>
    </message>
    <message>
        <source>Before {value}</source>
        <translation>{value}之前</translation>
    </message>
    <message>
        <source>Date: {value}</source>
        <translation>日期：{value}</translation>
    </message>
    <message>
        <source>State: {value}</source>
        <translation>状态：{value}</translation>
    </message>
    <message>
        <source>until {day}</source>
        <translation>{day}及之前</translation>
    </message>
    <message>
        <source>since {day}</source>
        <translation>{day}起</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>{year}</source>
        <translation>{year}年</translation>
    </message>
    <message>
        <source>{first}–{last}</source>
        <translation>{first}–{last}年</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>first of two days of one year</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>last of two days of one year</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d</source>
        <comment>first of two days of one month</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>last of two days of one month</comment>
        <translation>d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>This month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>今年</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Found by words so far</source>
        <translation>目前只能按字词找到</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>lisbon</source>
        <translation>里斯本</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this note</source>
        <translation>在本篇笔记中查找</translation>
    </message>
    <message>
        <source>The one before</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>The one before (Shift+Enter)</source>
        <translation>上一处（Shift+回车）</translation>
    </message>
    <message>
        <source>The next one</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>The next one (Enter)</source>
        <translation>下一处（回车）</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>第 {n} 处，共 {m} 处</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Try the sample notes</source>
        <translation>试用示例笔记</translation>
    </message>
    <message>
        <source>Get the starter models</source>
        <translation>获取入门模型</translation>
    </message>
    <message>
        <source>Ask your notes anything</source>
        <translation>有问题，问你的笔记</translation>
    </message>
    <message>
        <source>Give Elephant a folder of notes. It answers from them, shows the exact words, and keeps it all here.</source>
        <translation>给 Elephant 一个笔记文件夹，它据此回答并标出原文，一切留在本机。</translation>
    </message>
    <message>
        <source>Or drop a folder on this window. Files are only read, never changed.</source>
        <translation>也可以把文件夹拖到这个窗口。文件只会被读取，不会被改动。</translation>
    </message>
    <message>
        <source>To write answers Elephant needs two small models ({size}, fetched once). Search by words works without them.</source>
        <translation>撰写回答需要两个小模型（{size}，只需获取一次）。没有它们也能按字词搜索。</translation>
    </message>
</context>
<context>
    <name>FoldersBox</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>No folder yet.</source>
        <translation>还没有文件夹。</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
</context>
<context>
    <name>FollowUpChip</name>
    <message>
        <source>Asks this question.</source>
        <translation>提出这个问题。</translation>
    </message>
</context>
<context>
    <name>FollowUps</name>
    <message>
        <source>Questions to ask next</source>
        <translation>接下来可以问的问题</translation>
    </message>
    <message>
        <source>Ask next</source>
        <translation>接着问</translation>
    </message>
</context>
<context>
    <name>GlobalKey</name>
    <message>
        <source>In the desktop&apos;s own settings, give a key to this command: {command}</source>
        <translation>请在桌面环境自己的设置里，给这条命令指定一个按键：{command}</translation>
    </message>
    <message>
        <source>It works, in every program, for as long as Elephant is running.</source>
        <translation>可以使用：只要 Elephant 在运行，在任何程序里都有效。</translation>
    </message>
    <message>
        <source>The desktop decides which key it is: “{keys}”.</source>
        <translation>具体是哪个按键由桌面环境决定：“{keys}”。</translation>
    </message>
    <message>
        <source>The desktop&apos;s own settings can change that.</source>
        <translation>可以在桌面环境自己的设置里更改。</translation>
    </message>
    <message>
        <source>Another program has this key, so it does nothing here.</source>
        <translation>这个按键已被其他程序占用，在这里不起作用。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请换一个。</translation>
    </message>
    <message>
        <source>This keyboard has no such key.</source>
        <translation>这个键盘上没有这个按键。</translation>
    </message>
    <message>
        <source>This desktop lets no program take keys.</source>
        <translation>当前桌面环境不允许程序占用按键。</translation>
    </message>
    <message>
        <source>The desktop has been asked. It may want to hear from you in a window of its own.</source>
        <translation>已向桌面环境提出请求，它可能会弹出自己的窗口来询问你。</translation>
    </message>
    <message>
        <source>The desktop knows the quick question, but has given it no key.</source>
        <translation>桌面环境已登记“快速提问”，但还没有给它指定按键。</translation>
    </message>
    <message>
        <source>Give it one in the desktop&apos;s own settings for shortcuts.</source>
        <translation>请在桌面环境自己的快捷键设置里指定。</translation>
    </message>
    <message>
        <source>The desktop asked, and the answer was no.</source>
        <translation>桌面环境询问时，得到的回答是不允许。</translation>
    </message>
    <message>
        <source>The desktop has taken the key back.</source>
        <translation>桌面环境收回了这个按键。</translation>
    </message>
    <message>
        <source>This desktop gives keys only to programs that are in its menu, and this Elephant is not.</source>
        <translation>当前桌面环境只把按键给菜单里的程序，而这个 Elephant 不在其中。</translation>
    </message>
    <message>
        <source>This system lets no program take keys. In the Shortcuts app, make a shortcut that runs this command, and give it a key: {command}</source>
        <translation>当前系统不允许程序占用按键。请在“快捷指令”应用里新建一个运行这条命令的快捷指令，并为它指定按键：{command}</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>再问一次</translation>
    </message>
    <message>
        <source>Ask the desktop for the key again</source>
        <translation>再次向桌面环境请求这个按键</translation>
    </message>
    <message>
        <source>Quick question</source>
        <translation>快速提问</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>出处</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Back to the start</source>
        <translation>返回开始页</translation>
    </message>
</context>
<context>
    <name>KeyField</name>
    <message>
        <source>Press the keys…</source>
        <translation>请按下按键…</translation>
    </message>
    <message>
        <source>Press the keys. Escape leaves them as they are, Backspace takes them away.</source>
        <translation>请按下按键。按 Esc 保持不变，按 Backspace 去掉按键。</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{keys}.</source>
        <translation>{keys}。</translation>
    </message>
</context>
<context>
    <name>LibraryMenu</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Enter password…</source>
        <translation>输入密码…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Passages as indexed</source>
        <translation>索引中的段落</translation>
    </message>
    <message>
        <source>Why not found by “{query}”?</source>
        <translation>为什么“{query}”没有找到它？</translation>
    </message>
    <message>
        <source>Decide about vanished notes…</source>
        <translation>处理消失的笔记…</translation>
    </message>
    <message>
        <source>Look for changes now</source>
        <translation>立即查看变化</translation>
    </message>
    <message>
        <source>Inside the library</source>
        <translation>资料库详情</translation>
    </message>
    <message>
        <source>Remove from library…</source>
        <translation>从资料库移除…</translation>
    </message>
    <message>
        <source>Remove “{name}” from the library?</source>
        <translation>从资料库移除“{name}”吗？</translation>
    </message>
    <message>
        <source>Elephant forgets what it has read from {notes}. The files themselves stay where they are, unchanged.</source>
        <translation>Elephant 会忘记从 {notes}中读到的内容。文件本身留在原处，不会改动。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{n} notes are gone from “{name}”</source>
        <translation>“{name}”中有 {n} 篇笔记不见了</translation>
    </message>
    <message>
        <source>If you deleted or moved them, remove them from the library. If a disk or a sync is just not ready, cancel: they stay searchable and Elephant looks again later.</source>
        <translation>如果是你删除或移走的，可以从资料库移除。如果只是磁盘或同步还没就绪，请取消：它们仍可搜索，Elephant 稍后会再看一次。</translation>
    </message>
    <message>
        <source>Remove them</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Inside the library</source>
        <translation>资料库详情</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Retry all that could not be read</source>
        <translation>重试所有无法读取的文件</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>所有文件夹</translation>
    </message>
    <message>
        <source>What is not read, and why</source>
        <translation>哪些没有读取，为什么</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>各部分</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>占用空间</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Backups…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Export all chats…</source>
        <translation>导出所有对话…</translation>
    </message>
    <message>
        <source>{chats} here.</source>
        <translation>现有 {chats}。</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>还没有备份。</translation>
    </message>
    <message>
        <source>{now} The newest backup was made {when}, with {inside}.</source>
        <translation>{now}最新的备份在 {when}，含 {inside}。</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>已略过</translation>
    </message>
    <message>
        <source>Every file could be read.</source>
        <translation>所有文件都能读取。</translation>
    </message>
    <message>
        <source>Search by meaning</source>
        <translation>按内容搜索</translation>
    </message>
    <message>
        <source>Writes answers</source>
        <translation>写回答</translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Understands meaning</source>
        <translation>理解内容</translation>
    </message>
    <message>
        <source>Puts the best first</source>
        <translation>把最好的排在前面</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>of it words, meaning and states</source>
        <translation>其中：字词、内容和状态</translation>
    </message>
    <message>
        <source>of it the fast index</source>
        <translation>其中：快速索引</translation>
    </message>
    <message>
        <source>All together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>“{name}” is left out of the library.</source>
        <translation>“{name}”已不再收入资料库。</translation>
    </message>
</context>
<context>
    <name>LibraryPane</name>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>What has changed</source>
        <translation>最近的变化</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Inside the library</source>
        <translation>资料库详情</translation>
    </message>
    <message>
        <source>“{name}” is left out of the library.</source>
        <translation>“{name}”已不再收入资料库。</translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
</context>
<context>
    <name>LicenceDialog</name>
    <message>
        <source>Licence of {name}</source>
        <translation>{name} 的许可证</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Its text did not come with this copy.</source>
        <translation>这份程序没有附带它的许可证全文。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>A setting could not be used and was set back: {name}</source>
        <translation>有一项设置无法使用，已恢复默认：{name}</translation>
    </message>
    <message>
        <source>Elephant&apos;s folder cannot be written. Your notes are searched and answered from as they were last indexed; nothing new is indexed, and the chats of this session are not kept.</source>
        <translation>Elephant 的文件夹无法写入。仍可按上次索引的内容搜索和回答；不会索引新内容，本次的对话也不会保存。</translation>
    </message>
    <message>
        <source>The note is forgotten. Nothing of it is kept.</source>
        <translation>已遗忘这篇笔记，未保留任何内容。</translation>
    </message>
    <message>
        <source>The note is forgotten, and one answer that used it.</source>
        <translation>已遗忘这篇笔记，以及用过它的 1 个回答。</translation>
    </message>
    <message>
        <source>The note is forgotten, and {n} answers that used it.</source>
        <translation>已遗忘这篇笔记，以及用过它的 {n} 个回答。</translation>
    </message>
</context>
<context>
    <name>Mentions</name>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>MenuKey</name>
    <message>
        <source>Menu of the row</source>
        <translation>打开当前行的菜单</translation>
    </message>
</context>
<context>
    <name>MirrorRow</name>
    <message>
        <source>Mirror to fetch models from</source>
        <translation>下载模型的镜像地址</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>This address cannot be used. It begins with https:// and holds no name and no password.</source>
        <translation>这个地址不能用。它要以 https:// 开头，并且不含用户名和密码。</translation>
    </message>
    <message>
        <source>Models are looked for at this mirror first. Whatever comes is checked by its checksum.</source>
        <translation>会先从这个镜像找模型。下载到的内容都会核对校验和。</translation>
    </message>
    <message>
        <source>Only needed where downloads do not get through. Nothing is fetched unless you ask for a model.</source>
        <translation>只在无法直接下载时才需要。除非你要获取模型，否则不会下载任何东西。</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>comes with Elephant</source>
        <translation>随 Elephant 附带</translation>
    </message>
    <message>
        <source>on this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>not here yet</source>
        <translation>尚未获取</translation>
    </message>
    <message>
        <source>Loading it to see whether it works…</source>
        <translation>正在加载，看它能不能用…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Get it</source>
        <translation>获取</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>maker not said by the file</source>
        <translation>文件没有说明作者</translation>
    </message>
    <message>
        <source>languages not said by the file</source>
        <translation>文件没有说明语言</translation>
    </message>
    <message>
        <source>licence {name}</source>
        <translation>许可证 {name}</translation>
    </message>
    <message>
        <source>licence not said by the file</source>
        <translation>文件没有说明许可证</translation>
    </message>
    <message>
        <source>used where it lies: {path}</source>
        <translation>在原处使用：{path}</translation>
    </message>
    <message>
        <source>{file} in the models folder</source>
        <translation>{file}，在模型文件夹中</translation>
    </message>
    <message>
        <source>{n} million parameters</source>
        <translation>{n}M 参数</translation>
    </message>
    <message>
        <source>{n} billion parameters</source>
        <translation>{n}B 参数</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>Slovak</source>
        <translation>斯洛伐克语</translation>
    </message>
    <message>
        <source>Slovenian</source>
        <translation>斯洛文尼亚语</translation>
    </message>
    <message>
        <source>Serbian</source>
        <translation>塞尔维亚语</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>瑞典语</translation>
    </message>
    <message>
        <source>Swahili</source>
        <translation>斯瓦希里语</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>泰米尔语</translation>
    </message>
    <message>
        <source>Telugu</source>
        <translation>泰卢固语</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>泰语</translation>
    </message>
    <message>
        <source>Filipino</source>
        <translation>菲律宾语</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>土耳其语</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>乌克兰语</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>乌尔都语</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>越南语</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>German</source>
        <translation>德语</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法语</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙语</translation>
    </message>
    <message>
        <source>Bulgarian</source>
        <translation>保加利亚语</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>孟加拉语</translation>
    </message>
    <message>
        <source>Catalan</source>
        <translation>加泰罗尼亚语</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>捷克语</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>丹麦语</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>希腊语</translation>
    </message>
    <message>
        <source>Estonian</source>
        <translation>爱沙尼亚语</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>波斯语</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>芬兰语</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>希伯来语</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>印地语</translation>
    </message>
    <message>
        <source>Croatian</source>
        <translation>克罗地亚语</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>匈牙利语</translation>
    </message>
    <message>
        <source>Indonesian</source>
        <translation>印度尼西亚语</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>意大利语</translation>
    </message>
    <message>
        <source>Lithuanian</source>
        <translation>立陶宛语</translation>
    </message>
    <message>
        <source>Latvian</source>
        <translation>拉脱维亚语</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>马来语</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>荷兰语</translation>
    </message>
    <message>
        <source>Norwegian</source>
        <translation>挪威语</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>波兰语</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>葡萄牙语</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>罗马尼亚语</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄语</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日语</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>韩语</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯语</translation>
    </message>
    <message>
        <source>many others</source>
        <translation>其他多种语言</translation>
    </message>
    <message>
        <source>{names} and {n} more</source>
        <translation>{names}，另有 {n} 种</translation>
    </message>
    <message>
        <source>Finds notes by meaning, in {language}.</source>
        <translation>按内容查找笔记，适用于{language}。</translation>
    </message>
    <message>
        <source>Finds notes by meaning, not only by their words.</source>
        <translation>按内容查找笔记，而不只是按字词。</translation>
    </message>
    <message>
        <source>Reads what search has found once more and puts the best first. Searching takes longer.</source>
        <translation>把搜索结果再读一遍，最合适的排在最前。搜索会慢一些。</translation>
    </message>
    <message>
        <source>For short, quick answers. It reasons little; the quotes from your notes are often the better answer.</source>
        <translation>适合简短快速的回答。推理能力很弱，笔记原文往往是更好的答案。</translation>
    </message>
    <message>
        <source>For plain answers and short summaries on a modest machine.</source>
        <translation>适合在普通电脑上做简单回答和简短总结。</translation>
    </message>
    <message>
        <source>For good everyday answers and summaries.</source>
        <translation>日常回答和总结都不错。</translation>
    </message>
    <message>
        <source>For careful answers over several notes, on a strong machine.</source>
        <translation>适合在性能较强的电脑上，综合多篇笔记仔细回答。</translation>
    </message>
    <message>
        <source>For the most thorough answers, on a very strong machine.</source>
        <translation>适合在性能很强的电脑上，给出最周全的回答。</translation>
    </message>
    <message>
        <source>It needs {needed} of memory.</source>
        <translation>需要 {needed} 内存。</translation>
    </message>
    <message>
        <source>Fits comfortably: it needs {needed} of memory, and {free} of {total} are free.</source>
        <translation>内存充裕：需要 {needed}，共 {total}，可用 {free}。</translation>
    </message>
    <message>
        <source>Fits tightly: it needs {needed} of memory, and {free} of {total} are free. Other programs may become slow.</source>
        <translation>内存刚好够：需要 {needed}，共 {total}，可用 {free}。其他程序可能变慢。</translation>
    </message>
    <message>
        <source>Does not fit now: it needs {needed} of memory, and {free} of {total} are free. Close other programs first.</source>
        <translation>现在内存不够：需要 {needed}，共 {total}，可用 {free}。请先关闭其他程序。</translation>
    </message>
    <message>
        <source>Does not fit this machine: it needs {needed} of memory, and there are {total} in all.</source>
        <translation>这台电脑装不下：需要 {needed} 内存，总共只有 {total}。</translation>
    </message>
    <message>
        <source>Its file is deleted from the models folder, and {size} come free.</source>
        <translation>它的文件会从模型文件夹中删除，释放 {size}。</translation>
    </message>
    <message>
        <source>No model writes answers then; search and the quotes from your notes still work.</source>
        <translation>之后就没有模型写回答了；搜索和笔记原文仍可使用。</translation>
    </message>
    <message>
        <source>It is in use now; answers are then written by {title}.</source>
        <translation>它正在使用中；之后改由 {title} 写回答。</translation>
    </message>
    <message>
        <source>Notes are then found by their words only.</source>
        <translation>之后只能按字词查找笔记。</translation>
    </message>
    <message>
        <source>It is in use now; notes are then found by {title}, and every note is read once more for it.</source>
        <translation>它正在使用中；之后改用 {title} 查找笔记，所有笔记会为它重新读一遍。</translation>
    </message>
    <message>
        <source>What search finds then keeps its first order.</source>
        <translation>之后搜索结果保持原来的顺序。</translation>
    </message>
    <message>
        <source>All models here take {size}; {free} of the disk are free.</source>
        <translation>这里的模型共占 {size}，磁盘可用 {free}。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Everything is computed on this machine. A larger model writes better and needs more memory and time.</source>
        <translation>一切都在本机计算。模型越大写得越好，需要的内存和时间也越多。</translation>
    </message>
    <message>
        <source>Get the starter models</source>
        <translation>获取入门模型</translation>
    </message>
    <message>
        <source>Add a model file…</source>
        <translation>添加模型文件…</translation>
    </message>
    <message>
        <source>Try two on one question…</source>
        <translation>用一个问题比较两个模型…</translation>
    </message>
    <message>
        <source>Any GGUF file; you can also drop it on the window.</source>
        <translation>任何 GGUF 文件；也可以拖到窗口里。</translation>
    </message>
    <message>
        <source>Add a model file</source>
        <translation>添加模型文件</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>{title} is on the shelf now.</source>
        <translation>{title} 已上架。</translation>
    </message>
    <message>
        <source>This model is on the shelf already, as {title}. Nothing was added.</source>
        <translation>这个模型已经在架上，名为 {title}，没有重复添加。</translation>
    </message>
    <message>
        <source>Writing answers</source>
        <translation>撰写回答</translation>
    </message>
    <message>
        <source>Finding by meaning</source>
        <translation>按内容搜索</translation>
    </message>
    <message>
        <source>Putting the best passages first</source>
        <translation>把最合适的段落排在前面</translation>
    </message>
    <message>
        <source>Find by {title} from now on?</source>
        <translation>从现在起用 {title} 搜索？</translation>
    </message>
    <message>
        <source>Every note is read once more for it, which takes as long as the first time. Until that is done, search goes on as before, and you can change your mind.</source>
        <translation>每篇笔记都要为它重新读取一遍，用时与第一次相同。完成之前搜索照常进行，你也可以随时改变主意。</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>{title} writes your answers now.</source>
        <translation>现在由 {title} 写回答。</translation>
    </message>
    <message>
        <source>The one in use stays in use.</source>
        <translation>仍使用原来的模型。</translation>
    </message>
    <message>
        <source>Remove {title}?</source>
        <translation>移除 {title} 吗？</translation>
    </message>
    <message>
        <source>{title} is off the shelf. Its file is where it was.</source>
        <translation>{title} 已下架，文件仍在原处。</translation>
    </message>
    <message>
        <source>{title} is off the shelf; {size} came free.</source>
        <translation>{title} 已下架，释放了 {size}。</translation>
    </message>
    <message>
        <source>Elephant forgets it. Its file stays where it is: {path}</source>
        <translation>Elephant 不再使用它。文件仍在原处：{path}</translation>
    </message>
    <message>
        <source>This file cannot be used as a model.</source>
        <translation>这个文件不能用作模型。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>NewerProgram</name>
    <message>
        <source>Another version of Elephant has been installed. Close this window and open Elephant again to use it.</source>
        <translation>已经安装了另一个版本的 Elephant。关闭这个窗口，再重新打开 Elephant，即可使用。</translation>
    </message>
</context>
<context>
    <name>NoModelLine</name>
    <message>
        <source>No model writes answers yet. Quotes from your notes and search work.</source>
        <translation>还没有撰写回答的模型。笔记原文和搜索可以使用。</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
</context>
<context>
    <name>NoteActions</name>
    <message>
        <source>Open in its own program</source>
        <translation>用其他程序打开</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Ask about this note</source>
        <translation>就这篇笔记提问</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Leave out of the library</source>
        <translation>不再收入资料库</translation>
    </message>
    <message>
        <source>Forget this note…</source>
        <translation>遗忘这篇笔记…</translation>
    </message>
    <message>
        <source>Elephant opens only documents in other programs. This file lies at {path}.</source>
        <translation>Elephant 只用其他程序打开文档。这个文件位于 {path}。</translation>
    </message>
    <message>
        <source>Forget “{name}”?</source>
        <translation>遗忘“{name}”？</translation>
    </message>
    <message>
        <source>No word of it is kept: it leaves the index, and every answer that used it leaves your conversations and their backups. This cannot be undone. The file itself stays where it is, unchanged.</source>
        <translation>一个字也不保留：它会离开索引，用过它的回答也会从对话及其备份中移除，且无法撤销。文件本身原样留在原处。</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>遗忘</translation>
    </message>
</context>
<context>
    <name>NoteField</name>
    <message>
        <source>Name of a note</source>
        <translation>笔记名称</translation>
    </message>
</context>
<context>
    <name>NoteLinks</name>
    <message>
        <source>Where this link leads could not be found out.</source>
        <translation>无法查明这个链接指向哪里。</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Dismiss</source>
        <translation>知道了</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Your notes are read</source>
        <translation>笔记已读完</translation>
    </message>
    <message>
        <source>Your answer is ready</source>
        <translation>回答已写好</translation>
    </message>
    <message>
        <source>Open Elephant to read it.</source>
        <translation>打开 Elephant 即可阅读。</translation>
    </message>
    <message>
        <source>The model is here</source>
        <translation>模型已就绪</translation>
    </message>
    <message>
        <source>It was fetched and checked.</source>
        <translation>已下载并校验。</translation>
    </message>
    <message>
        <source>The model is on the shelf</source>
        <translation>模型已上架</translation>
    </message>
    <message>
        <source>It was copied into the models folder.</source>
        <translation>已复制到模型文件夹。</translation>
    </message>
    <message>
        <source>The model could not be fetched</source>
        <translation>模型未能下载</translation>
    </message>
    <message>
        <source>Open Elephant to see why.</source>
        <translation>打开 Elephant 查看原因。</translation>
    </message>
    <message>
        <source>The model could not be copied</source>
        <translation>模型未能复制</translation>
    </message>
</context>
<context>
    <name>OwnProgram</name>
    <message>
        <source>Open {name} in its own program?</source>
        <translation>用对应的程序打开 {name} 吗？</translation>
    </message>
    <message>
        <source>Elephant itself never changes your notes. This is asked once, until Elephant closes.</source>
        <translation>Elephant 自己从不改动你的笔记。在 Elephant 关闭之前只询问这一次。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Elephant opens only documents in other programs. This file lies at {path}.</source>
        <translation>Elephant 只会用其他程序打开文档。这个文件位于 {path}。</translation>
    </message>
    <message>
        <source>No program on this computer took the file. Choose one for {suffix} files in your system&apos;s settings, or open it yourself: it lies at {path}.</source>
        <translation>这台电脑上没有程序能打开这个文件。请在系统设置中为 {suffix} 文件选择一个程序，或自行打开：文件位于 {path}。</translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Smaller (Ctrl+−)</source>
        <translation>缩小（Ctrl+−）</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合</translation>
    </message>
    <message>
        <source>Fit the width</source>
        <translation>适合宽度</translation>
    </message>
    <message>
        <source>Fit the width (Ctrl+0)</source>
        <translation>适合宽度（Ctrl+0）</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Larger (Ctrl++)</source>
        <translation>放大（Ctrl++）</translation>
    </message>
    <message>
        <source>Page before</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Page number</source>
        <translation>页码</translation>
    </message>
    <message>
        <source>Type a page number and press Enter</source>
        <translation>输入页码后按回车</translation>
    </message>
    <message>
        <source>page {n} / {m}</source>
        <translation>第 {n} / {m} 页</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Go to a note, a chat, a setting, or do something</source>
        <translation>前往笔记、对话、设置，或执行操作</translation>
    </message>
    <message>
        <source>Go to anything</source>
        <translation>前往任意位置</translation>
    </message>
    <message>
        <source>Type, choose with the arrow keys, and press Enter.</source>
        <translation>输入文字，用方向键选择，然后按回车。</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>没有叫这个名字的内容。</translation>
    </message>
    <message>
        <source>↑ ↓ choose   ·   Enter goes there   ·   Esc closes</source>
        <translation>↑ ↓ 选择   ·   回车前往   ·   Esc 关闭</translation>
    </message>
    <message>
        <source>1 found</source>
        <translation>找到 1 项</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>找到 {n} 项</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
</context>
<context>
    <name>PaletteSources</name>
    <message>
        <source>Its notes</source>
        <translation>其中的笔记</translation>
    </message>
</context>
<context>
    <name>PartsPanel</name>
    <message>
        <source>Find a part or a licence</source>
        <translation>查找组成部分或许可证</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>组成部分</translation>
    </message>
    <message>
        <source>No part and no licence is called that.</source>
        <translation>没有叫这个名字的组成部分或许可证。</translation>
    </message>
    <message>
        <source>Show the licence</source>
        <translation>显示许可证</translation>
    </message>
    <message>
        <source>Its page on the web…</source>
        <translation>它的网页…</translation>
    </message>
    <message>
        <source>Its text did not come with this copy.</source>
        <translation>这份程序没有附带它的许可证全文。</translation>
    </message>
</context>
<context>
    <name>PathLabel</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the whole path</source>
        <translation>复制完整路径</translation>
    </message>
    <message>
        <source>Copy all of it</source>
        <translation>复制全部</translation>
    </message>
</context>
<context>
    <name>PdfExport</name>
    <message>
        <source>Page {n} of {count}</source>
        <translation>第 {n} 页，共 {count} 页</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The answer could not be finished.</source>
        <translation>回答未能完成。</translation>
    </message>
    <message>
        <source>The answer was cut off when Elephant stopped.</source>
        <translation>Elephant 停止时，回答被中断。</translation>
    </message>
    <message>
        <source>This answer is still being written.</source>
        <translation>这个回答还在撰写中。</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>A page of notes with a marked line</source>
        <translation>一页笔记，其中一行被标出</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Nothing leaves this machine</source>
        <translation>所有内容都留在本机</translation>
    </message>
    <message>
        <source>Your notes are read, searched and answered from on this machine. Elephant has no account, no server and no statistics, and no part of it listens on the network.</source>
        <translation>笔记的读取、搜索和回答都在本机完成。Elephant 没有账号、没有服务器、不做统计，也不在网络上监听。</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>What is kept, and where</source>
        <translation>保存了什么，在哪里</translation>
    </message>
    <message>
        <source>Clear what is kept</source>
        <translation>清除保存的数据</translation>
    </message>
    <message>
        <source>Your notes are never touched, whatever is cleared.</source>
        <translation>无论清除什么，都不会动你的笔记。</translation>
    </message>
    <message>
        <source>Show the data folder</source>
        <translation>显示数据文件夹</translation>
    </message>
    <message>
        <source>Show the logs</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>{chats}, and one backup of them</source>
        <translation>{chats}，以及 1 个备份</translation>
    </message>
    <message>
        <source>{chats}, and {n} backups of them</source>
        <translation>{chats}，以及 {n} 个备份</translation>
    </message>
    <message>
        <source>Clearing…</source>
        <translation>正在清除…</translation>
    </message>
    <message>
        <source>An answer is being written just now, so nothing was cleared.</source>
        <translation>正在写回答，所以没有清除任何内容。</translation>
    </message>
    <message>
        <source>Stop it or wait for its end, then try again.</source>
        <translation>请停止或等它写完，然后再试。</translation>
    </message>
    <message>
        <source>Your chats</source>
        <translation>你的对话</translation>
    </message>
    <message>
        <source>Your folders are only read. Elephant never moves or deletes anything in them, and writes nothing there unless you save an answer or an export there yourself.</source>
        <translation>文件夹只会被读取。Elephant 从不移动或删除其中的任何内容，也不会写入任何内容，除非你自己把回答或导出的文件保存到那里。</translation>
    </message>
    <message>
        <source>The network is used for two things only, each when you press the button for it: getting a model, and asking whether there is a newer version of Elephant.</source>
        <translation>网络只用于两件事，而且都只在你按下相应按钮时：获取模型，以及查询 Elephant 有没有新版本。</translation>
    </message>
    <message>
        <source>The place that is asked sees which file or page is wanted, and the network address of whoever asks, as every server does. Nothing of your notes, your chats or your settings reaches it.</source>
        <translation>被询问的地方会看到要的是哪个文件或网页，并像任何服务器一样看到询问者的网络地址。你的笔记、对话和设置都不会传到那里。</translation>
    </message>
    <message>
        <source>Backups of your chats, the last seven</source>
        <translation>你的对话的最近七份备份</translation>
    </message>
    <message>
        <source>The index of your notes; it can always be made again</source>
        <translation>笔记的索引，随时可以重建</translation>
    </message>
    <message>
        <source>Settings, the list of your folders, and where the window stood</source>
        <translation>设置、文件夹列表和窗口位置</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Logs, without any words of your notes</source>
        <translation>日志，不含笔记中的任何文字</translation>
    </message>
</context>
<context>
    <name>PullBox</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What has been fetched is thrown away.</source>
        <translation>已下载的部分会丢弃。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>The download is finished.</source>
        <translation>下载已完成。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Another download fetches it already.</source>
        <translation>另一个下载已在获取它。</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} are here.</source>
        <translation>已暂停：已下载 {done}，共 {total}。</translation>
    </message>
    <message>
        <source>Waiting for another download</source>
        <translation>等待另一个下载完成</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>正在解开</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation>正在复制</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>Fetching a model</source>
        <translation>正在下载模型</translation>
    </message>
    <message>
        <source>Fetching a model · {percent} %</source>
        <translation>正在下载模型 · {percent}%</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>正在准备</translation>
    </message>
</context>
<context>
    <name>QuestionBubble</name>
    <message>
        <source>Your question: {text}</source>
        <translation>你的问题：{text}</translation>
    </message>
</context>
<context>
    <name>QuestionButton</name>
    <message>
        <source>Asks this question.</source>
        <translation>提出这个问题。</translation>
    </message>
</context>
<context>
    <name>QuestionEdit</name>
    <message>
        <source>Your question</source>
        <translation>你的问题</translation>
    </message>
    <message>
        <source>Enter asks, Shift and Enter begin a new line.</source>
        <translation>回车提问，Shift+回车换行。</translation>
    </message>
</context>
<context>
    <name>QuickAsk</name>
    <message>
        <source>Quick question</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>Ask about your notes…</source>
        <translation>问问你的笔记…</translation>
    </message>
    <message>
        <source>Your question</source>
        <translation>你的问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Enter asks · Esc closes</source>
        <translation>回车提问 · Esc 关闭</translation>
    </message>
    <message>
        <source>Open in Elephant</source>
        <translation>在 Elephant 中打开</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Waiting for the engine to start</source>
        <translation>正在等待引擎启动</translation>
    </message>
    <message>
        <source>The answer is kept among your chats.</source>
        <translation>回答已保存在你的对话中。</translation>
    </message>
</context>
<context>
    <name>QuoteCard</name>
    <message>
        <source>Opens the note at these words.</source>
        <translation>打开笔记并定位到这段文字。</translation>
    </message>
</context>
<context>
    <name>ReasonRow</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show the files: {reason}</source>
        <translation>显示文件：{reason}</translation>
    </message>
    <message>
        <source>Retry all</source>
        <translation>全部重试</translation>
    </message>
    <message>
        <source>Retry all: {reason}</source>
        <translation>全部重试：{reason}</translation>
    </message>
</context>
<context>
    <name>ResultTable</name>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Enter on a result says why it is here.</source>
        <translation>在结果上按回车，说明它为什么在这里。</translation>
    </message>
</context>
<context>
    <name>SavingAnswer</name>
    <message>
        <source>Save the answer as a note</source>
        <translation>把回答另存为笔记</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Replace “{name}”?</source>
        <translation>替换“{name}”？</translation>
    </message>
    <message>
        <source>There is a file of this name already. What is in it would be lost.</source>
        <translation>已有同名文件，替换后其中的内容会丢失。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Saved to {path}. It lies among your notes, so it is read like any other note.</source>
        <translation>已保存到 {path}。它位于你的笔记文件夹中，因此会像其他笔记一样被读取。</translation>
    </message>
    <message>
        <source>Saved to {path}</source>
        <translation>已保存到 {path}</translation>
    </message>
</context>
<context>
    <name>ScopeChip</name>
    <message>
        <source>Notes that are asked</source>
        <translation>提问范围</translation>
    </message>
    <message>
        <source>All notes</source>
        <translation>全部笔记</translation>
    </message>
    <message>
        <source>This note: {name}</source>
        <translation>这篇笔记：{name}</translation>
    </message>
    <message>
        <source>This folder: {name}</source>
        <translation>这个文件夹：{name}</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Notes opened lately</source>
        <translation>最近打开的笔记</translation>
    </message>
    <message>
        <source>The note of the last answer: {name}</source>
        <translation>上一个回答所用的笔记：{name}</translation>
    </message>
    <message>
        <source>The {n} notes of the last answer</source>
        <translation>上一个回答所用的 {n} 篇笔记</translation>
    </message>
    <message>
        <source>Notes that are asked: {text}</source>
        <translation>提问范围：{text}</translation>
    </message>
    <message>
        <source>Choose which notes are asked</source>
        <translation>选择向哪些笔记提问</translation>
    </message>
</context>
<context>
    <name>ScopeRemark</name>
    <message>
        <source>Ask all notes</source>
        <translation>向全部笔记提问</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search notes and chats</source>
        <translation>搜索笔记和对话</translation>
    </message>
    <message>
        <source>Narrow a search with {filters}</source>
        <translation>可用 {filters} 缩小搜索范围</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选条件</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Exact words</source>
        <translation>原样的字词</translation>
    </message>
    <message>
        <source>&quot;big picture&quot;</source>
        <translation>&quot;年度计划&quot;</translation>
    </message>
</context>
<context>
    <name>SearchResults</name>
    <message>
        <source>page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Ask it as a question</source>
        <translation>作为问题提出</translation>
    </message>
    <message>
        <source>A note is missing?</source>
        <translation>少了某篇笔记？</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Found by their words. Meaning is still being read.</source>
        <translation>目前按字词找到，内容还在理解中。</translation>
    </message>
    <message>
        <source>Search without filters</source>
        <translation>不加筛选再搜一次</translation>
    </message>
    <message>
        <source>Nothing in your notes has “{query}”.</source>
        <translation>笔记中没有“{query}”。</translation>
    </message>
    <message>
        <source>Try fewer or other words.</source>
        <translation>试试少用几个词，或换个说法。</translation>
    </message>
    <message>
        <source>No note fits these filters.</source>
        <translation>没有符合这些筛选条件的笔记。</translation>
    </message>
    <message>
        <source>Nothing has “{query}” within these filters.</source>
        <translation>在这些筛选条件内没有“{query}”。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Why is this here?</source>
        <translation>为什么有这条结果？</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Show all settings</source>
        <translation>显示全部设置</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>No setting is found by “{query}”.</source>
        <translation>没有找到与“{query}”有关的设置。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Writes answers</source>
        <translation>撰写回答</translation>
    </message>
    <message>
        <source>Another one is loaded first; if that fails, the one in use stays.</source>
        <translation>换用另一个时会先加载它；加载失败则继续使用原来的。</translation>
    </message>
    <message>
        <source>Finds by meaning</source>
        <translation>按含义查找</translation>
    </message>
    <message>
        <source>Another one has to read every note once more. Search goes on as before until that is done.</source>
        <translation>换用另一个需要把所有笔记重新读一遍。完成之前，搜索照常进行。</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Privacy…</source>
        <translation>隐私…</translation>
    </message>
    <message>
        <source>About…</source>
        <translation>关于…</translation>
    </message>
    <message>
        <source>Key for a quick question</source>
        <translation>快速提问的按键</translation>
    </message>
    <message>
        <source>Brings the small window for one question up from every program.</source>
        <translation>在任何程序里都能调出只问一个问题的小窗口。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Models and hardware</source>
        <translation>模型与硬件</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Your folders</source>
        <translation>你的文件夹</translation>
    </message>
    <message>
        <source>Elephant reads the notes in them and never changes one.</source>
        <translation>Elephant 只读取其中的笔记，从不改动。</translation>
    </message>
    <message>
        <source>Files and folders that are not read, one pattern a line, written as in .gitignore. The folders are compared again at once: notes that are left out leave the index, others are read.</source>
        <translation>不读取的文件和文件夹，每行一条规则，写法同 .gitignore。更改后立即重新比对文件夹：被忽略的笔记移出索引，其余的会读取。</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>回答最长</translation>
    </message>
    <message>
        <source>In tokens: about three quarters of an English word each, or one Chinese character.</source>
        <translation>以词元计：一个词元约为四分之三个英文单词，或一个汉字。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How freely the model chooses its words. At 0 it always takes the likeliest ones, which keeps it closest to your notes.</source>
        <translation>模型选词的自由程度。为 0 时总是选最可能的词，最贴近你的笔记。</translation>
    </message>
    <message>
        <source>What the model is told, for English questions</source>
        <translation>给模型的指示（英文问题）</translation>
    </message>
    <message>
        <source>What the model is told, for Chinese questions</source>
        <translation>给模型的指示（中文问题）</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>处理器核心</translation>
    </message>
    <message>
        <source>How many the models may use at once. A model is loaded again for its next use.</source>
        <translation>模型最多同时使用几个核心。更改后，模型在下次使用时重新载入。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Graphics processor</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Where there is one, as much of the chat model as fits goes there. Turn it off if answers come out garbled or the screen stutters.</source>
        <translation>有显卡时，聊天模型会尽量放到显卡上运行。如果回答乱码或画面卡顿，请关闭。</translation>
    </message>
    <message>
        <source>Where there is one</source>
        <translation>有则使用</translation>
    </message>
    <message>
        <source>Not used</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>How many tokens the chat model can keep in mind: passages, conversation and answer together. More needs more memory.</source>
        <translation>聊天模型能记住多少词元，段落、对话和回答合在一起计算。越多越占内存。</translation>
    </message>
    <message>
        <source>Of the window. You can ask in English and Chinese in either.</source>
        <translation>窗口的语言。无论选哪种，都可以用中文和英文提问。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>更大</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Twice as large</source>
        <translation>两倍大</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>How close rows and lines stand.</source>
        <translation>行与行之间的疏密。</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>宽松</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>紧凑</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>动态效果</translation>
    </message>
    <message>
        <source>Whether panes glide to their place or are there at once.</source>
        <translation>面板是滑动到位，还是直接出现。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>When the window is closed</source>
        <translation>关闭窗口时</translation>
    </message>
    <message>
        <source>Where the system has a tray, Elephant can keep running there.</source>
        <translation>如果系统有托盘，Elephant 可以在那里继续运行。</translation>
    </message>
    <message>
        <source>Quit Elephant</source>
        <translation>退出 Elephant</translation>
    </message>
    <message>
        <source>Keep running in the tray</source>
        <translation>在托盘中继续运行</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>When long work has ended and the window is not in front. They hold no word of your notes.</source>
        <translation>当耗时的工作结束而窗口不在最前时。消息中不含笔记的任何文字。</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>About Elephant</source>
        <translation>关于 Elephant</translation>
    </message>
    <message>
        <source>Its version, what it is made of, and the licences of every part.</source>
        <translation>它的版本、组成，以及每个组成部分的许可证。</translation>
    </message>
    <message>
        <source>What is kept, and where</source>
        <translation>保存了什么，在哪里</translation>
    </message>
    <message>
        <source>Nothing leaves this machine. See what is stored, and clear it.</source>
        <translation>所有内容都留在本机。查看保存了什么，也可以清除。</translation>
    </message>
    <message>
        <source>The folders are compared again at once.</source>
        <translation>更改后立即重新比对文件夹。</translation>
    </message>
    <message>
        <source>Memory for one file</source>
        <translation>单个文件的内存</translation>
    </message>
    <message>
        <source>Reading a file stops when it needs more.</source>
        <translation>读取一个文件需要更多内存时会停止。</translation>
    </message>
    <message>
        <source>Compare everything every</source>
        <translation>全面比对间隔</translation>
    </message>
    <message>
        <source>Changes are noticed as they happen; this finds what the system did not tell of.</source>
        <translation>平时的改动会随时察觉；全面比对用来找出系统没有通知的改动。</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>The system prompt, as plain text. It counts from the next question on. Very small models get a short text of their own.</source>
        <translation>即系统提示词，纯文本，从下一个问题起生效。很小的模型使用另一段简短的指示。</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>谨慎程度</translation>
    </message>
    <message>
        <source>How weak the evidence may be before an answer is held back and the nearest passages are shown instead.</source>
        <translation>依据弱到什么程度时不作回答，只给出最接近的段落。</translation>
    </message>
    <message>
        <source>Bold</source>
        <translation>大胆</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>适中</translation>
    </message>
    <message>
        <source>Careful</source>
        <translation>谨慎</translation>
    </message>
    <message>
        <source>Passages for an answer</source>
        <translation>每个回答参考的段落</translation>
    </message>
    <message>
        <source>More give the model more to read and take longer.</source>
        <translation>越多，模型要读的越多，用时越长。</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>Get, add, compare and remove models on their own page.</source>
        <translation>在模型页面获取、添加、比较和移除模型。</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>文件大小上限</translation>
    </message>
    <message>
        <source>Larger files are left out.</source>
        <translation>超过的文件不读取。</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>Time for one file</source>
        <translation>单个文件用时上限</translation>
    </message>
    <message>
        <source>Reading a file stops after this long.</source>
        <translation>超过这个时间就停止读取该文件。</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>不读取</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>{name}: back to the default</source>
        <translation>{name}：恢复默认值</translation>
    </message>
    <message>
        <source>Until then the last good text goes on counting.</source>
        <translation>在此之前，继续使用上一次有效的文字。</translation>
    </message>
    <message>
        <source>The text must name {marks}: between these marks the model finds the passages, and it has to know that they are only data.</source>
        <translation>文字中必须写有 {marks}：段落就放在这两个标记之间，模型要知道它们只是资料。</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>The text is too long: {n} characters at most, and this has {m}.</source>
        <translation>文字太长：最多 {n} 个字符，现有 {m} 个。</translation>
    </message>
    <message>
        <source>Stop loading the model</source>
        <translation>停止加载模型</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>还没有模型</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Everywhere in the window</source>
        <translation>整个窗口</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>改用在这里</translation>
    </message>
    <message>
        <source>“{command}” has {keys}.</source>
        <translation>{keys} 已用于“{command}”。</translation>
    </message>
    <message>
        <source>Choose another key.</source>
        <translation>请换一个按键。</translation>
    </message>
    <message>
        <source>Use {keys} for {command}</source>
        <translation>把 {keys} 用于“{command}”</translation>
    </message>
    <message>
        <source>Hold Ctrl or Alt with it, or choose one of the keys F1 to F12: this one is for writing.</source>
        <translation>这个按键用来输入文字：请同时按住 Ctrl 或 Alt，或者选择 F1 到 F12 中的一个。</translation>
    </message>
    <message>
        <source>Fields need {keys} for text. Choose another key.</source>
        <translation>输入框编辑文字要用 {keys}，请换一个按键。</translation>
    </message>
</context>
<context>
    <name>ShortcutsSection</name>
    <message>
        <source>All keys as they were shipped</source>
        <translation>恢复所有默认按键</translation>
    </message>
    <message>
        <source>Quick question from every program</source>
        <translation>在任何程序里快速提问</translation>
    </message>
</context>
<context>
    <name>SideBySide</name>
    <message>
        <source>Try two models on one question</source>
        <translation>用一个问题比较两个模型</translation>
    </message>
    <message>
        <source>Ask about your notes…</source>
        <translation>问问你的笔记…</translation>
    </message>
    <message>
        <source>Question for both models</source>
        <translation>给两个模型的问题</translation>
    </message>
    <message>
        <source>Ask both</source>
        <translation>同时提问</translation>
    </message>
    <message>
        <source>First</source>
        <translation>第一列</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>第二列</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Both columns have the same model. Choose another one for one of them.</source>
        <translation>两列选了同一个模型，请给其中一列换一个。</translation>
    </message>
    <message>
        <source>Both read the same passages, one after the other, so that only one is in memory. Nothing is stored.</source>
        <translation>两个模型先后读同样的段落，内存里只放一个。什么都不会保存。</translation>
    </message>
    <message>
        <source>Searching your notes</source>
        <translation>正在搜索笔记</translation>
    </message>
    <message>
        <source>Waiting for {title}</source>
        <translation>等待 {title}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Your notes do not seem to say, so no model was asked.</source>
        <translation>笔记里似乎没有提到，所以没有问模型。</translation>
    </message>
    <message>
        <source>{name}, page {n}</source>
        <translation>{name}，第 {n} 页</translation>
    </message>
    <message>
        <source>It wrote nothing that your notes prove; the quote is the answer.</source>
        <translation>它没有写出笔记能证实的内容；答案就是笔记原文。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>{n} of {m} sentences are in your notes.</source>
        <translation>{m} 句话中有 {n} 句能在笔记中找到依据。</translation>
    </message>
    <message>
        <source>first word {n} s</source>
        <translation>首字 {n} 秒</translation>
    </message>
    <message>
        <source>{n} tokens/s</source>
        <translation>{n} 词元/秒</translation>
    </message>
    <message>
        <source>1 place cited</source>
        <translation>引用 1 处</translation>
    </message>
    <message>
        <source>{n} places cited</source>
        <translation>引用 {n} 处</translation>
    </message>
    <message>
        <source>loaded in {n} s</source>
        <translation>加载 {n} 秒</translation>
    </message>
</context>
<context>
    <name>SortButton</name>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Order: {order}</source>
        <translation>排序：{order}</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Newest change first</source>
        <translation>最近修改的在前</translation>
    </message>
    <message>
        <source>Best match first</source>
        <translation>最相关的在前</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新的在前</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早的在前</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>按标题</translation>
    </message>
</context>
<context>
    <name>SourceBelow</name>
    <message>
        <source>Also used for this answer</source>
        <translation>本次回答还用到</translation>
    </message>
    <message>
        <source>Linked from</source>
        <translation>链接到此处</translation>
    </message>
    <message>
        <source>Related</source>
        <translation>相关笔记</translation>
    </message>
    <message>
        <source>Words in both: {words}</source>
        <translation>两篇都有：{words}</translation>
    </message>
    <message>
        <source>Like here: “{words}”</source>
        <translation>与这里相似：“{words}”</translation>
    </message>
    <message>
        <source>{n} links</source>
        <translation>{n} 个链接</translation>
    </message>
</context>
<context>
    <name>SourceHead</name>
    <message>
        <source>Back (Alt+Left)</source>
        <translation>后退（Alt+←）</translation>
    </message>
    <message>
        <source>Forward (Alt+Right)</source>
        <translation>前进（Alt+→）</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open the note in its own program</source>
        <translation>用对应的程序打开笔记</translation>
    </message>
    <message>
        <source>Passages as indexed</source>
        <translation>索引中的段落</translation>
    </message>
    <message>
        <source>Find in this note (Ctrl+F)</source>
        <translation>在本篇笔记中查找（Ctrl+F）</translation>
    </message>
    <message>
        <source>Close the note</source>
        <translation>关闭笔记</translation>
    </message>
</context>
<context>
    <name>SourcePane</name>
    <message>
        <source>Choose a citation to see its words in your note.</source>
        <translation>点选一处引用，即可在笔记中看到原文。</translation>
    </message>
    <message>
        <source>Find in the note</source>
        <translation>在笔记中查找</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Note {name}</source>
        <translation>笔记 {name}</translation>
    </message>
    <message>
        <source>This note has no heading “{name}”.</source>
        <translation>这篇笔记中没有标题“{name}”。</translation>
    </message>
    <message>
        <source>This note has changed since it was read, and these words are no longer in it.</source>
        <translation>这篇笔记读取之后有改动，这段文字已不在其中。</translation>
    </message>
    <message>
        <source>This note has changed since it was read. The words were found again.</source>
        <translation>这篇笔记读取之后有改动，这段文字已重新定位。</translation>
    </message>
    <message>
        <source>This note holds text that is not seen on screen, in one place. No model is given it.</source>
        <translation>这篇笔记有 1 处含有屏幕上看不见的文字，它们不会交给模型。</translation>
    </message>
    <message>
        <source>This note holds text that is not seen on screen, in {n} places. No model is given it.</source>
        <translation>这篇笔记有 {n} 处含有屏幕上看不见的文字，它们不会交给模型。</translation>
    </message>
    <message>
        <source>This link leads to nothing: no note in your folders is called “{name}”.</source>
        <translation>这个链接没有指向任何内容：你的文件夹中没有名为“{name}”的笔记。</translation>
    </message>
    <message>
        <source>About “{words}” in {name}: </source>
        <translation>关于 {name} 中的“{words}”：</translation>
    </message>
</context>
<context>
    <name>SourceView</name>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>No note in your folders is called “{name}”.</source>
        <translation>你的文件夹中没有名为“{name}”的笔记。</translation>
    </message>
</context>
<context>
    <name>StartingPage</name>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Opening your library…</source>
        <translation>正在打开资料库…</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Nothing leaves this machine</source>
        <translation>所有内容都留在本机</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>仅在本机</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Restarting</source>
        <translation>正在重启</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>1 suggestion</source>
        <translation>1 条建议</translation>
    </message>
    <message>
        <source>{n} suggestions</source>
        <translation>{n} 条建议</translation>
    </message>
</context>
<context>
    <name>ToNewest</name>
    <message>
        <source>Go to the newest answer</source>
        <translation>转到最新的回答</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Elephant</source>
        <translation>打开 Elephant</translation>
    </message>
    <message>
        <source>Quick question…</source>
        <translation>快速提问…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>TriedColumn</name>
    <message>
        <source>{column} model</source>
        <translation>{column}的模型</translation>
    </message>
    <message>
        <source>{column} answer</source>
        <translation>{column}的回答</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用这个</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Searching your notes</source>
        <translation>正在搜索笔记</translation>
    </message>
    <message>
        <source>Loading {title}</source>
        <translation>正在加载 {title}</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>正在阅读</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在书写</translation>
    </message>
    <message>
        <source>Checking against your notes</source>
        <translation>正在对照笔记检查</translation>
    </message>
    <message>
        <source>Reading · {percent} %</source>
        <translation>正在阅读 · {percent} %</translation>
    </message>
</context>
<context>
    <name>TurnActions</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Edit question</source>
        <translation>修改问题</translation>
    </message>
    <message>
        <source>Helpful</source>
        <translation>有帮助</translation>
    </message>
    <message>
        <source>Not helpful</source>
        <translation>没帮助</translation>
    </message>
    <message>
        <source>Copy the answer with its sources</source>
        <translation>复制回答及出处</translation>
    </message>
    <message>
        <source>The passages used and how long each step took</source>
        <translation>用到的段落和各步用时</translation>
    </message>
    <message>
        <source>Details: {summary}</source>
        <translation>详情：{summary}</translation>
    </message>
    <message>
        <source>Helpful ✓</source>
        <translation>有帮助 ✓</translation>
    </message>
    <message>
        <source>Not helpful ✓</source>
        <translation>没帮助 ✓</translation>
    </message>
    <message>
        <source>Your reason: {reason}</source>
        <translation>你的理由：{reason}</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>TurnDetails</name>
    <message>
        <source>Passages used</source>
        <translation>用到的段落</translation>
    </message>
</context>
<context>
    <name>TurnEvidence</name>
    <message>
        <source>In your notes</source>
        <translation>笔记原文</translation>
    </message>
</context>
<context>
    <name>TurnRemarks</name>
    <message>
        <source>The answer is very long. Copy takes all of it.</source>
        <translation>回答很长，复制会包含全部内容。</translation>
    </message>
    <message>
        <source>Source {n}: {place}. {quote}</source>
        <translation>出处 {n}：{place}。{quote}</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The answer was cut off when Elephant stopped. What was written is kept.</source>
        <translation>Elephant 停止时回答中断了，已写的部分保留。</translation>
    </message>
    <message>
        <source>This answer is still being written.</source>
        <translation>这个回答还在写。</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>{what} It can be undone.</source>
        <translation>{what}可以撤销。</translation>
    </message>
</context>
<context>
    <name>UpdateBox</name>
    <message>
        <source>Check for a new version</source>
        <translation>查询新版本</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Asking {place}…</source>
        <translation>正在询问 {place}…</translation>
    </message>
    <message>
        <source>Open the download page</source>
        <translation>打开下载页面</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>新版本</translation>
    </message>
    <message>
        <source>Elephant never looks for new versions by itself. When you press the button, it asks this address once, and sends nothing but the request for that page:</source>
        <translation>Elephant 从不自行查询新版本。按下按钮时，它只询问下面这个地址一次，除了对该网页的请求，什么都不发送：</translation>
    </message>
    <message>
        <source>What is new in version {version}</source>
        <translation>版本 {version} 的新内容</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Best passage: {text}</source>
        <translation>最接近的段落：{text}</translation>
    </message>
</context>
<context>
    <name>Why</name>
    <message>
        <source>It is result {n}, below those shown.</source>
        <translation>它是第 {n} 条结果，排在显示的结果之后。</translation>
    </message>
    <message>
        <source>It is result {n}.</source>
        <translation>它是第 {n} 条结果。</translation>
    </message>
    <message>
        <source>This note is not in the library.</source>
        <translation>资料库中没有这篇笔记。</translation>
    </message>
    <message>
        <source>It may have been moved or deleted. If it lies in a folder of its own, add that folder.</source>
        <translation>它可能已被移动或删除。如果它在别的文件夹里，请添加那个文件夹。</translation>
    </message>
    <message>
        <source>It could not be read.</source>
        <translation>它无法读取。</translation>
    </message>
    <message>
        <source>It was left out.</source>
        <translation>它没有被读取。</translation>
    </message>
    <message>
        <source>It holds no text.</source>
        <translation>它没有文字内容。</translation>
    </message>
    <message>
        <source>It has not been read yet.</source>
        <translation>它还没有读取。</translation>
    </message>
    <message>
        <source>It is waiting to be read; then it can be found.</source>
        <translation>它正在等待读取，读完就能找到。</translation>
    </message>
    <message>
        <source>A filter keeps it out.</source>
        <translation>它被一个筛选条件排除了。</translation>
    </message>
    <message>
        <source>Filters keep it out.</source>
        <translation>它被筛选条件排除了。</translation>
    </message>
    <message>
        <source>Its meaning has not been read yet.</source>
        <translation>它的内容还没有理解完。</translation>
    </message>
    <message>
        <source>Its words alone do not bring it up. Once its meaning has been read, it may come.</source>
        <translation>只凭字词，它排不上来。理解内容后也许能找到。</translation>
    </message>
    <message>
        <source>It has none of the words. Once its meaning has been read, it may come.</source>
        <translation>它没有这些字词。理解内容后也许能找到。</translation>
    </message>
    <message>
        <source>Other notes fit better.</source>
        <translation>其他笔记更符合。</translation>
    </message>
    <message>
        <source>{words}, and {meaning}</source>
        <translation>{words}，{meaning}</translation>
    </message>
    <message>
        <source>{clause}.</source>
        <translation>{clause}。</translation>
    </message>
    <message>
        <source>its words are {place} of {n}</source>
        <translation>按字词排第 {place} 位（共 {n}）</translation>
    </message>
    <message>
        <source>it has only some of the words</source>
        <translation>它只有一部分字词</translation>
    </message>
    <message>
        <source>it has none of the words</source>
        <translation>它没有这些字词</translation>
    </message>
    <message>
        <source>its meaning is {place} of {n}</source>
        <translation>按内容排第 {place} 位（共 {n}）</translation>
    </message>
    <message>
        <source>meaning was not searched</source>
        <translation>没有按内容搜索</translation>
    </message>
    <message>
        <source>its meaning is not among the nearest</source>
        <translation>内容不在最接近之列</translation>
    </message>
    <message>
        <source>Has</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>Lacks</source>
        <translation>缺少</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>字词</translation>
    </message>
    <message>
        <source>“{words}”</source>
        <translation>“{words}”</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>原样</translation>
    </message>
    <message>
        <source>Filters and dates</source>
        <translation>筛选和日期</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>所占比重</translation>
    </message>
    <message>
        <source>Sorted again by</source>
        <translation>重新排序</translation>
    </message>
    <message>
        <source>Searched</source>
        <translation>搜索范围</translation>
    </message>
    <message>
        <source>not searched, as there are only filters; the newest notes come first</source>
        <translation>没有搜索，因为只有筛选条件；最新的笔记排在前面</translation>
    </message>
    <message>
        <source>searched, by exact search</source>
        <translation>已搜索（精确搜索）</translation>
    </message>
    <message>
        <source>searched</source>
        <translation>已搜索</translation>
    </message>
    <message>
        <source>not searched: it is switched off</source>
        <translation>没有搜索：按内容搜索已关闭</translation>
    </message>
    <message>
        <source>not searched: there is no model that reads meaning</source>
        <translation>没有搜索：没有理解内容的模型</translation>
    </message>
    <message>
        <source>not searched: a part had just stopped</source>
        <translation>没有搜索：有一个部件刚刚停止</translation>
    </message>
    <message>
        <source>not searched: a part has stopped; the line at the bottom says which</source>
        <translation>没有搜索：有一个部件已停止，窗口底部会说明是哪一个</translation>
    </message>
    <message>
        <source>not searched: its index cannot be used just now</source>
        <translation>没有搜索：内容索引暂时无法使用</translation>
    </message>
    <message>
        <source>not searched this time</source>
        <translation>这次没有搜索</translation>
    </message>
    <message>
        <source>words {words}, meaning {meaning}</source>
        <translation>字词 {words}，内容 {meaning}</translation>
    </message>
    <message>
        <source>in {passages}</source>
        <translation>见于 {passages}</translation>
    </message>
    <message>
        <source>nowhere</source>
        <translation>未出现</translation>
    </message>
    <message>
        <source>, also {forms}</source>
        <translation>，也算 {forms}</translation>
    </message>
    <message>
        <source>{word} ({where})</source>
        <translation>{word}（{where}）</translation>
    </message>
    <message>
        <source>page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>words {share}</source>
        <translation>字词 {share}</translation>
    </message>
    <message>
        <source>meaning {share}</source>
        <translation>内容 {share}</translation>
    </message>
    <message>
        <source>date {share}</source>
        <translation>日期 {share}</translation>
    </message>
    <message>
        <source>sorted again {score}</source>
        <translation>重排 {score}</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>名次</translation>
    </message>
    <message>
        <source>What counted</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>{label}: {text}</source>
        <translation>{label}：{text}</translation>
    </message>
    <message>
        <source>{place}</source>
        <translation>第 {place}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>WhyPanel</name>
    <message>
        <source>Why these results for “{query}”?</source>
        <translation>“{query}”的结果是怎么来的？</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>How the search went</source>
        <translation>搜索过程</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Which note did you expect? Type a part of its name.</source>
        <translation>你想找的是哪篇笔记？输入名称的一部分。</translation>
    </message>
    <message>
        <source>About this note:</source>
        <translation>关于这篇笔记：</translation>
    </message>
    <message>
        <source>No note has this in its name. You can also right-click a note in the library.</source>
        <translation>没有名称含有这些字的笔记。也可以在资料库中右键点击一篇笔记。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Go to anything…</source>
        <translation>前往任意位置…</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Write a question</source>
        <translation>写问题</translation>
    </message>
    <message>
        <source>Search notes and chats</source>
        <translation>搜索笔记和对话</translation>
    </message>
    <message>
        <source>Quick question…</source>
        <translation>快速提问…</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Inside the library</source>
        <translation>资料库详情</translation>
    </message>
    <message>
        <source>Files that need attention</source>
        <translation>需要处理的文件</translation>
    </message>
    <message>
        <source>Show or hide the library</source>
        <translation>显示或隐藏资料库</translation>
    </message>
    <message>
        <source>Show or hide the source</source>
        <translation>显示或隐藏出处</translation>
    </message>
    <message>
        <source>List of notes</source>
        <translation>笔记列表</translation>
    </message>
    <message>
        <source>List of chats</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一栏</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>上一栏</translation>
    </message>
    <message>
        <source>Backups of your chats…</source>
        <translation>对话的备份…</translation>
    </message>
    <message>
        <source>Export all chats…</source>
        <translation>导出所有对话…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Light appearance</source>
        <translation>浅色外观</translation>
    </message>
    <message>
        <source>Dark appearance</source>
        <translation>深色外观</translation>
    </message>
    <message>
        <source>Appearance as the system</source>
        <translation>外观跟随系统</translation>
    </message>
    <message>
        <source>About Elephant</source>
        <translation>关于 Elephant</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>WorkCard</name>
    <message>
        <source>Keep the one in use</source>
        <translation>保留正在使用的</translation>
    </message>
    <message>
        <source>Compare with the folders now</source>
        <translation>立即与文件夹比较</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>A second index for {model} is being built beside this one: {n} %.</source>
        <translation>正在为 {model} 另建一个索引：{n}%。</translation>
    </message>
    <message>
        <source>Until it is whole, this one answers.</source>
        <translation>建好之前仍用现在的索引。</translation>
    </message>
</context>
<context>
    <name>WorkPanel</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Keep the model in use</source>
        <translation>保留正在使用的模型</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>by words so far</source>
        <translation>目前按字词</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>已略过</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 个文件</translation>
    </message>
    <message>
        <source>{n} files</source>
        <translation>{n} 个文件</translation>
    </message>
    <message>
        <source>1 chat</source>
        <translation>1 个对话</translation>
    </message>
    <message>
        <source>{n} chats</source>
        <translation>{n} 个对话</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>today at {time}</source>
        <translation>今天 {time}</translation>
    </message>
    <message>
        <source>yesterday at {time}</source>
        <translation>昨天 {time}</translation>
    </message>
    <message>
        <source>{day} at {time}</source>
        <translation>{day} {time}</translation>
    </message>
    <message>
        <source>less than 0.1 s</source>
        <translation>不到 0.1 秒</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>Changes are seen at once.</source>
        <translation>有变化会立即发现。</translation>
    </message>
    <message>
        <source>Being compared with its files now.</source>
        <translation>正在与文件比较。</translation>
    </message>
    <message>
        <source>It lies on a network drive, which does not tell of changes.</source>
        <translation>它在网络驱动器上，系统不会通知变化。</translation>
    </message>
    <message>
        <source>The system lets no more folders be watched.</source>
        <translation>系统不允许监视更多文件夹。</translation>
    </message>
    <message>
        <source>The system could not watch this folder.</source>
        <translation>系统无法监视这个文件夹。</translation>
    </message>
    <message>
        <source>Elephant looks for changes again and again, about every minute.</source>
        <translation>Elephant 大约每分钟查看一次变化。</translation>
    </message>
    <message>
        <source>Not compared as a whole yet.</source>
        <translation>尚未完整比较过。</translation>
    </message>
    <message>
        <source>Compared {when}, in {time}: {changes}.</source>
        <translation>{when} 比较过，用时 {time}：{changes}。</translation>
    </message>
    <message>
        <source>Last changes {when}: {changes}.</source>
        <translation>最近的变化在 {when}：{changes}。</translation>
    </message>
    <message>
        <source>{n} new</source>
        <translation>新增 {n}</translation>
    </message>
    <message>
        <source>{n} changed</source>
        <translation>更改 {n}</translation>
    </message>
    <message>
        <source>{n} gone</source>
        <translation>消失 {n}</translation>
    </message>
    <message>
        <source>{n} moved</source>
        <translation>移动 {n}</translation>
    </message>
    <message>
        <source>{n} left out</source>
        <translation>略过 {n}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>nothing had changed</source>
        <translation>没有变化</translation>
    </message>
    <message>
        <source>changed {when}</source>
        <translation>{when} 更改</translation>
    </message>
    <message>
        <source>1 passage, with its meaning</source>
        <translation>1 个段落，已理解内容</translation>
    </message>
    <message>
        <source>1 passage, not yet with its meaning</source>
        <translation>1 个段落，尚未理解内容</translation>
    </message>
    <message>
        <source>{n} passages, {m} of them with their meaning</source>
        <translation>{n} 个段落，其中 {m} 个已理解内容</translation>
    </message>
    <message>
        <source>Reading is paused. New and changed notes are noticed and wait.</source>
        <translation>读取已暂停。新增和更改的笔记会被发现并等待读取。</translation>
    </message>
    <message>
        <source>Everything that can be read is read.</source>
        <translation>能读的都已读完。</translation>
    </message>
    <message>
        <source>There is nothing to read yet.</source>
        <translation>还没有可读的内容。</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Fast search by meaning</source>
        <translation>按内容快速搜索</translation>
    </message>
    <message>
        <source>Readers of files</source>
        <translation>文件读取器</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>being restarted</source>
        <translation>正在重新启动</translation>
    </message>
    <message>
        <source>at rest, starts when needed</source>
        <translation>空闲，需要时启动</translation>
    </message>
    <message>
        <source>at rest, start when needed</source>
        <translation>空闲，需要时启动</translation>
    </message>
    <message>
        <source>off after several crashes</source>
        <translation>多次崩溃后已停用</translation>
    </message>
    <message>
        <source>by words only, there is no model for meaning</source>
        <translation>只按字词，没有理解内容的模型</translation>
    </message>
    <message>
        <source>exact, over every passage</source>
        <translation>精确搜索，逐段比较</translation>
    </message>
    <message>
        <source>through the fast index</source>
        <translation>使用快速索引</translation>
    </message>
    <message>
        <source>{chats} with {questions}</source>
        <translation>{chats}、{questions}</translation>
    </message>
    <message>
        <source>damaged, it cannot be used</source>
        <translation>已损坏，无法使用</translation>
    </message>
    <message>
        <source>made before an upgrade</source>
        <translation>升级前所做</translation>
    </message>
    <message>
        <source>made before another one was put back</source>
        <translation>恢复另一个备份前所做</translation>
    </message>
    <message>
        <source>An answer is being written just now. Wait for it or stop it, then restore. Nothing was changed.</source>
        <translation>正在写回答。请等它写完或停止它，然后再恢复。没有任何改动。</translation>
    </message>
    <message>
        <source>The damaged file is kept in the data folder.</source>
        <translation>损坏的文件保留在数据文件夹中。</translation>
    </message>
    <message>
        <source>The chats were damaged and there was no backup, so the list starts empty.</source>
        <translation>对话数据已损坏，又没有备份，因此列表从空白开始。</translation>
    </message>
    <message>
        <source>The chats were damaged and have been restored from a backup.</source>
        <translation>对话数据已损坏，已从备份恢复。</translation>
    </message>
    <message>
        <source>The chats were damaged and have been restored from the backup made {when}, which holds {inside}.</source>
        <translation>对话数据已损坏，已从 {when} 的备份恢复，其中有 {inside}。</translation>
    </message>
    <message>
        <source>What was asked after that is not in it.</source>
        <translation>此后的提问不在其中。</translation>
    </message>
</context>
<context>
    <name>update</name>
    <message>
        <source>Version {new} is there. This is version {own}.</source>
        <translation>有新版本 {new}。当前是版本 {own}。</translation>
    </message>
    <message>
        <source>This is the newest version ({own}, checked {when}).</source>
        <translation>这已是最新版本（{own}，{when} 查询）。</translation>
    </message>
    <message>
        <source>This build ({own}) is newer than the version that is announced ({new}).</source>
        <translation>当前版本（{own}）比已公布的版本（{new}）还要新。</translation>
    </message>
    <message>
        <source>This build does not know where new versions are announced, so it cannot look for one. See where you got Elephant from.</source>
        <translation>这个版本不知道新版本在哪里公布，因此无法查询。请到你获取 Elephant 的地方看看。</translation>
    </message>
    <message>
        <source>The address that is set for new versions is not one that is asked: it must begin with https:// and hold no name, no password and no query.</source>
        <translation>为新版本设置的地址不能使用：它必须以 https:// 开头，并且不含用户名、密码和查询参数。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>See where you got Elephant from.</source>
        <translation>请到你获取 Elephant 的地方看看。</translation>
    </message>
    <message>
        <source>What {place} sent is no announcement of a version, so nothing of it is shown.</source>
        <translation>{place} 发来的不是版本公告，因此不予显示。</translation>
    </message>
    <message>
        <source>{place} could not be reached.</source>
        <translation>无法连接到 {place}。</translation>
    </message>
    <message>
        <source>Check the connection, then try again.</source>
        <translation>请检查网络连接，然后重试。</translation>
    </message>
    <message>
        <source>No safe connection to {place} could be made, so nothing was asked.</source>
        <translation>无法与 {place} 建立安全连接，因此没有询问。</translation>
    </message>
    <message>
        <source>Something on this network may stand in between; try again from another one.</source>
        <translation>当前网络中可能有设备拦在中间，请换一个网络再试。</translation>
    </message>
    <message>
        <source>{place} did not answer in time.</source>
        <translation>{place} 没有及时回应。</translation>
    </message>
    <message>
        <source>{place} has no such page any more.</source>
        <translation>{place} 上已没有这个网页。</translation>
    </message>
    <message>
        <source>{place} answered with an error.</source>
        <translation>{place} 返回了错误。</translation>
    </message>
    <message>
        <source>{place} refers to another place, which was not asked.</source>
        <translation>{place} 指向了另一个地方，那里没有被询问。</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>1 note</source>
        <translation>1 篇笔记</translation>
    </message>
    <message>
        <source>{n} notes</source>
        <translation>{n} 篇笔记</translation>
    </message>
    <message>
        <source>1 passage</source>
        <translation>1 个段落</translation>
    </message>
    <message>
        <source>{n} passages</source>
        <translation>{n} 个段落</translation>
    </message>
    <message>
        <source>1 needs attention</source>
        <translation>1 个需要处理</translation>
    </message>
    <message>
        <source>{n} need attention</source>
        <translation>{n} 个需要处理</translation>
    </message>
    <message>
        <source>1 question</source>
        <translation>1 个问题</translation>
    </message>
    <message>
        <source>{n} questions</source>
        <translation>{n} 个问题</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>还剩不到一分钟</translation>
    </message>
    <message>
        <source>about {n} min left</source>
        <translation>还剩约 {n} 分钟</translation>
    </message>
    <message>
        <source>about {n} h left</source>
        <translation>还剩约 {n} 小时</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>Looking through your folders</source>
        <translation>正在查看你的文件夹</translation>
    </message>
    <message>
        <source>Reading the words of one note</source>
        <translation>正在读取 1 篇笔记的字词</translation>
    </message>
    <message>
        <source>Reading words · {n} of {m} notes</source>
        <translation>正在读取字词 · {n} / {m} 篇</translation>
    </message>
    <message>
        <source>Reading the meaning of one note</source>
        <translation>正在理解 1 篇笔记的内容</translation>
    </message>
    <message>
        <source>Reading meaning · {n} of {m} notes</source>
        <translation>正在理解内容 · {n} / {m} 篇</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>words are searchable now</source>
        <translation>现在已可按字词搜索</translation>
    </message>
    <message>
        <source>Preparing search by {model} · {percent} %</source>
        <translation>正在为 {model} 准备搜索 · {percent}%</translation>
    </message>
    <message>
        <source>Preparing search by {model} · one note</source>
        <translation>正在为 {model} 准备搜索 · 1 篇笔记</translation>
    </message>
    <message>
        <source>Preparing search by {model} · {n} of {m} notes</source>
        <translation>正在为 {model} 准备搜索 · {n} / {m} 篇笔记</translation>
    </message>
    <message>
        <source>until then search goes on as before</source>
        <translation>完成之前，搜索照常进行</translation>
    </message>
    <message>
        <source>looking</source>
        <translation>正在查看</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>waiting for you</source>
        <translation>等你决定</translation>
    </message>
    <message>
        <source>This folder is not there just now. What was read from it stays searchable; it goes on when the folder is back.</source>
        <translation>这个文件夹现在不在。已读取的内容仍可搜索，文件夹回来后会继续。</translation>
    </message>
    <message>
        <source>Many notes vanished at once: {n}. Elephant keeps them until you say otherwise.</source>
        <translation>一次消失了很多笔记：{n} 篇。在你决定之前 Elephant 会保留它们。</translation>
    </message>
    <message>
        <source>The system does not report changes here, so Elephant looks again about every minute.</source>
        <translation>系统不报告这里的变化，所以 Elephant 大约每分钟查看一次。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Searchable by its words; its meaning is still to be read</source>
        <translation>可按字词搜索，内容尚待理解</translation>
    </message>
    <message>
        <source>Waiting to be read</source>
        <translation>等待读取</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空文件</translation>
    </message>
    <message>
        <source>no text</source>
        <translation>没有文字</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>not text</source>
        <translation>不是文本</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>太大</translation>
    </message>
    <message>
        <source>other format</source>
        <translation>其他格式</translation>
    </message>
    <message>
        <source>no access</source>
        <translation>无权限</translation>
    </message>
    <message>
        <source>too slow</source>
        <translation>太慢</translation>
    </message>
    <message>
        <source>too big to read</source>
        <translation>太占内存</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>unsafe</source>
        <translation>不安全</translation>
    </message>
    <message>
        <source>link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>not a file</source>
        <translation>不是文件</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>forgotten</source>
        <translation>已遗忘</translation>
    </message>
    <message>
        <source>long name</source>
        <translation>名称过长</translation>
    </message>
    <message>
        <source>changing</source>
        <translation>正在变化</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>partly read</source>
        <translation>部分读取</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>This file is larger than the limit of {size}. You can raise the limit in the settings.</source>
        <translation>这个文件超过 {size} 的大小上限，可以在设置中调高。</translation>
    </message>
    <message>
        <source>This file has nothing in it.</source>
        <translation>这个文件是空的。</translation>
    </message>
    <message>
        <source>This file holds only pictures of text. Run it through text recognition (OCR), save it, and it will be read.</source>
        <translation>这个文件里只有文字的图片。请先做文字识别（OCR）并保存，之后就会读取。</translation>
    </message>
    <message>
        <source>This file is locked. Enter its password to read it.</source>
        <translation>这个文件已加密，输入密码后即可读取。</translation>
    </message>
    <message>
        <source>This file is damaged. Open it in its own program, save it again, and it will be read.</source>
        <translation>这个文件已损坏。请用对应的程序打开并重新保存，之后就会读取。</translation>
    </message>
    <message>
        <source>Despite its name this file does not hold text.</source>
        <translation>虽然名称像文本，这个文件里并不是文字。</translation>
    </message>
    <message>
        <source>This file is larger than the limit. You can raise the limit in the settings.</source>
        <translation>这个文件超过大小上限，可以在设置中调高。</translation>
    </message>
    <message>
        <source>Elephant cannot read this format. PDF, Word, HTML, Markdown and text work.</source>
        <translation>Elephant 无法读取这种格式。支持 PDF、Word、HTML、Markdown 和文本。</translation>
    </message>
    <message>
        <source>You have no permission to read this file. Change it, then retry.</source>
        <translation>你没有读取这个文件的权限。修改权限后再重试。</translation>
    </message>
    <message>
        <source>Reading took longer than the limit. You can raise the limit in the settings and retry.</source>
        <translation>读取时间超过上限，可以在设置中调高后重试。</translation>
    </message>
    <message>
        <source>Reading needed more memory than the limit. You can raise the limit in the settings and retry.</source>
        <translation>读取所需内存超过上限，可以在设置中调高后重试。</translation>
    </message>
    <message>
        <source>The reader stopped on this file, so it is left alone. Everything else goes on. Save it again, or retry.</source>
        <translation>读取程序在这个文件上停止了，因此先跳过它，其余照常。可以重新保存或重试。</translation>
    </message>
    <message>
        <source>This file would unpack to an enormous size, so it is not opened.</source>
        <translation>这个文件解压后会异常巨大，因此不打开。</translation>
    </message>
    <message>
        <source>This is a link to another place. Add that folder itself if you want it read.</source>
        <translation>这是指向别处的链接。如果要读取，请直接添加那个文件夹。</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>这不是普通文件。</translation>
    </message>
    <message>
        <source>It lies in a folder that is always left out.</source>
        <translation>它在始终排除的文件夹里。</translation>
    </message>
    <message>
        <source>Hidden files are left out.</source>
        <translation>隐藏文件不读取。</translation>
    </message>
    <message>
        <source>Your own patterns in the settings leave this out.</source>
        <translation>设置中你自己的模式排除了它。</translation>
    </message>
    <message>
        <source>You had Elephant forget this note. Nothing of it is kept; “Retry” reads it again.</source>
        <translation>你已让 Elephant 遗忘这篇笔记，未保留任何内容；选择“重试”会重新读取。</translation>
    </message>
    <message>
        <source>Its name or path is too long for the system. Shorten it and retry.</source>
        <translation>它的名称或路径对系统来说太长，缩短后再重试。</translation>
    </message>
    <message>
        <source>It is being written just now. It will be read when it has come to rest.</source>
        <translation>它正在被写入，稳定之后会读取。</translation>
    </message>
    <message>
        <source>It was gone before it could be read.</source>
        <translation>还没读取它就消失了。</translation>
    </message>
    <message>
        <source>Only a part of this file could be read; that part is searchable.</source>
        <translation>只读取了这个文件的一部分，这部分可以搜索。</translation>
    </message>
    <message>
        <source>The system could not read this file. Check the disk or the connection, then retry.</source>
        <translation>系统无法读取这个文件。请检查磁盘或连接后重试。</translation>
    </message>
    <message>
        <source>This file was not read.</source>
        <translation>这个文件没有读取。</translation>
    </message>
    <message>
        <source>This note cannot be read.</source>
        <translation>这篇笔记无法读取。</translation>
    </message>
    <message>
        <source>Everything else stays searchable.</source>
        <translation>其余内容仍可搜索。</translation>
    </message>
    <message>
        <source>This note is no longer there.</source>
        <translation>这篇笔记已经不在了。</translation>
    </message>
    <message>
        <source>The quoted words are kept with the answer.</source>
        <translation>引用的原文仍保存在回答里。</translation>
    </message>
    <message>
        <source>It may have been moved or deleted; search for it by its name.</source>
        <translation>它可能被移动或删除了，可以按名称搜索。</translation>
    </message>
    <message>
        <source>This folder cannot be opened.</source>
        <translation>这个文件夹无法打开。</translation>
    </message>
    <message>
        <source>Your other folders are not affected.</source>
        <translation>其他文件夹不受影响。</translation>
    </message>
    <message>
        <source>Check that it is connected and that you may read it, then add it again.</source>
        <translation>请确认它已连接且你有读取权限，然后重新添加。</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>无法写入文件。</translation>
    </message>
    <message>
        <source>Choose another place for it, and try again.</source>
        <translation>请另选位置再试。</translation>
    </message>
    <message>
        <source>A newer Elephant has worked with this data folder.</source>
        <translation>这个数据文件夹已被更新版本的 Elephant 使用过。</translation>
    </message>
    <message>
        <source>Nothing in it was changed.</source>
        <translation>其中的内容没有任何改动。</translation>
    </message>
    <message>
        <source>Start the newer Elephant, or choose another data folder.</source>
        <translation>请启动更新版本的 Elephant，或选择另一个数据文件夹。</translation>
    </message>
    <message>
        <source>Elephant&apos;s folder cannot be written.</source>
        <translation>Elephant 的文件夹无法写入。</translation>
    </message>
    <message>
        <source>What is indexed can still be searched; your notes are not touched.</source>
        <translation>已索引的内容仍可搜索；你的笔记不会被改动。</translation>
    </message>
    <message>
        <source>Make the folder writable, then start Elephant again.</source>
        <translation>请将该文件夹设为可写，然后重新启动 Elephant。</translation>
    </message>
    <message>
        <source>The chats cannot be opened.</source>
        <translation>对话无法打开。</translation>
    </message>
    <message>
        <source>Your notes are not touched and can still be searched. A backup of the chats is kept.</source>
        <translation>笔记没有受到影响，仍可搜索。对话有备份。</translation>
    </message>
    <message>
        <source>Check that the disk is not full or read-only, then start Elephant again.</source>
        <translation>请确认磁盘未满且可写，然后重新启动 Elephant。</translation>
    </message>
    <message>
        <source>The list of your folders cannot be read or written just now.</source>
        <translation>暂时无法读取或写入文件夹列表。</translation>
    </message>
    <message>
        <source>Your notes, your chats and the index are as they were.</source>
        <translation>你的笔记、对话和索引都没有变化。</translation>
    </message>
    <message>
        <source>Close other programs that use Elephant&apos;s folder, then start Elephant again.</source>
        <translation>请关闭正在使用 Elephant 文件夹的其他程序，然后重新启动 Elephant。</translation>
    </message>
    <message>
        <source>The settings could not be saved.</source>
        <translation>设置未能保存。</translation>
    </message>
    <message>
        <source>Everything goes on with those in use.</source>
        <translation>仍按当前设置继续工作。</translation>
    </message>
    <message>
        <source>Check that Elephant&apos;s folder is not full or in use elsewhere, then try again.</source>
        <translation>请确认 Elephant 所在的磁盘未满，且没有其他程序占用，然后重试。</translation>
    </message>
    <message>
        <source>The index cannot be used just now.</source>
        <translation>索引现在无法使用。</translation>
    </message>
    <message>
        <source>Your notes are not touched, and the index can always be made again from them.</source>
        <translation>笔记没有受到影响，索引随时可以由笔记重建。</translation>
    </message>
    <message>
        <source>Your chats are as they were.</source>
        <translation>对话没有任何改动。</translation>
    </message>
    <message>
        <source>This backup is damaged.</source>
        <translation>这个备份已损坏。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请选择另一个。</translation>
    </message>
    <message>
        <source>This backup was made by a newer Elephant.</source>
        <translation>这个备份由更新版本的 Elephant 所做。</translation>
    </message>
    <message>
        <source>Update Elephant to use it, or choose another one.</source>
        <translation>请更新 Elephant 后使用，或选择另一个。</translation>
    </message>
    <message>
        <source>A backup of your chats holds words of the note and could not be changed.</source>
        <translation>有一份对话备份含有这篇笔记的文字，但无法修改。</translation>
    </message>
    <message>
        <source>So the note is not forgotten yet.</source>
        <translation>因此这篇笔记尚未遗忘。</translation>
    </message>
    <message>
        <source>Close other programs that use Elephant&apos;s folder, then forget it again.</source>
        <translation>请关闭正在使用 Elephant 文件夹的其他程序，再遗忘一次。</translation>
    </message>
    <message>
        <source>The backup could not be made.</source>
        <translation>无法备份。</translation>
    </message>
    <message>
        <source>Check that the disk is not full or read-only, then try again.</source>
        <translation>请检查磁盘是否已满或只读，然后再试。</translation>
    </message>
    <message>
        <source>Another Elephant is using this data folder.</source>
        <translation>另一个 Elephant 正在使用这个数据文件夹。</translation>
    </message>
    <message>
        <source>Close it, or wait a moment, then try again.</source>
        <translation>请关闭它，或稍等片刻再试。</translation>
    </message>
    <message>
        <source>This model needs {needed} of memory and {free} are free.</source>
        <translation>这个模型需要 {needed} 内存，现在可用 {free}。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>请关闭其他程序，或选择较小的模型。</translation>
    </message>
    <message>
        <source>There is no model to write answers yet.</source>
        <translation>还没有撰写回答的模型。</translation>
    </message>
    <message>
        <source>Choose one on the models page.</source>
        <translation>请在模型页选择一个。</translation>
    </message>
    <message>
        <source>“{name}” cannot be used.</source>
        <translation>“{name}”无法使用。</translation>
    </message>
    <message>
        <source>The model could not be loaded; its file may be missing or damaged.</source>
        <translation>模型无法加载，它的文件可能缺失或损坏。</translation>
    </message>
    <message>
        <source>Choose another one on the models page, or get it again.</source>
        <translation>请在模型页选择其他模型，或重新获取。</translation>
    </message>
    <message>
        <source>Search and the quotes from your notes still work.</source>
        <translation>搜索和笔记原文仍可使用。</translation>
    </message>
    <message>
        <source>Get it again.</source>
        <translation>请重新获取。</translation>
    </message>
    <message>
        <source>Its file is not there any more.</source>
        <translation>它的文件已经不在了。</translation>
    </message>
    <message>
        <source>Add it again, or choose another model.</source>
        <translation>请重新添加，或选择另一个模型。</translation>
    </message>
    <message>
        <source>It is not on this machine yet.</source>
        <translation>它还不在本机上。</translation>
    </message>
    <message>
        <source>Get it on the models page.</source>
        <translation>请在模型页上获取。</translation>
    </message>
    <message>
        <source>This is no GGUF file.</source>
        <translation>这不是 GGUF 文件。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择另一个文件。</translation>
    </message>
    <message>
        <source>The file is cut short.</source>
        <translation>文件不完整。</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>文件已损坏。</translation>
    </message>
    <message>
        <source>The file is not the promised one.</source>
        <translation>文件与应有的不符。</translation>
    </message>
    <message>
        <source>Its vocabulary does not work.</source>
        <translation>它的词表无法使用。</translation>
    </message>
    <message>
        <source>Elephant has no use for this kind of model.</source>
        <translation>Elephant 用不上这种模型。</translation>
    </message>
    <message>
        <source>This file lacks the part that ranks.</source>
        <translation>这个文件缺少排序所需的部分。</translation>
    </message>
    <message>
        <source>Look for another conversion of the model.</source>
        <translation>请另找这个模型的其他转换版本。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取文件。</translation>
    </message>
    <message>
        <source>Look at its permissions.</source>
        <translation>请检查它的权限。</translation>
    </message>
    <message>
        <source>This version of GGUF is not supported.</source>
        <translation>不支持这个 GGUF 版本。</translation>
    </message>
    <message>
        <source>Look for another file, or a newer Elephant.</source>
        <translation>请换一个文件，或使用更新的 Elephant。</translation>
    </message>
    <message>
        <source>It stopped the model process when it was last loaded.</source>
        <translation>上次载入时它使模型进程停止。</translation>
    </message>
    <message>
        <source>Add it again to try once more.</source>
        <translation>重新添加即可再试一次。</translation>
    </message>
    <message>
        <source>It stopped the model process while it was being loaded.</source>
        <translation>加载时它让模型进程停止了。</translation>
    </message>
    <message>
        <source>Its file could not be deleted; another program may be using it.</source>
        <translation>无法删除它的文件，可能有其他程序正在使用。</translation>
    </message>
    <message>
        <source>Close that program, then try again.</source>
        <translation>请关闭那个程序后再试。</translation>
    </message>
    <message>
        <source>It came with Elephant and goes only with it.</source>
        <translation>它随 Elephant 一起安装，也只会随它一起移除。</translation>
    </message>
    <message>
        <source>Choose another model to use instead.</source>
        <translation>可以改用另一个模型。</translation>
    </message>
    <message>
        <source>It is being fetched right now.</source>
        <translation>它正在下载。</translation>
    </message>
    <message>
        <source>Stop that download first.</source>
        <translation>请先停止那个下载。</translation>
    </message>
    <message>
        <source>The memory ran out with it.</source>
        <translation>载入它时内存不足。</translation>
    </message>
    <message>
        <source>It needs more memory than this machine has free.</source>
        <translation>它需要的内存超过本机的可用内存。</translation>
    </message>
    <message>
        <source>It could not be loaded.</source>
        <translation>它无法载入。</translation>
    </message>
    <message>
        <source>Choose another one; the log on the privacy page says more.</source>
        <translation>请另选一个；隐私页上的日志里有更多信息。</translation>
    </message>
    <message>
        <source>It could not go on computing.</source>
        <translation>它的计算无法继续。</translation>
    </message>
    <message>
        <source>Try again, or choose another one; the log on the privacy page says more.</source>
        <translation>请再试一次，或另选一个；隐私页上的日志里有更多信息。</translation>
    </message>
    <message>
        <source>The program that runs models is not installed rightly.</source>
        <translation>运行模型的程序没有正确安装。</translation>
    </message>
    <message>
        <source>Run the set-up of Elephant again.</source>
        <translation>请重新运行 Elephant 的安装。</translation>
    </message>
    <message>
        <source>The question and its passages are too long for this model.</source>
        <translation>问题和段落对这个模型来说太长。</translation>
    </message>
    <message>
        <source>Search still works.</source>
        <translation>搜索仍可使用。</translation>
    </message>
    <message>
        <source>Shorten the question, start a new chat, or allow fewer passages in the settings.</source>
        <translation>请缩短问题、开始新对话，或在设置中减少段落数。</translation>
    </message>
    <message>
        <source>The model stopped unexpectedly.</source>
        <translation>模型意外停止。</translation>
    </message>
    <message>
        <source>Your notes and chats are safe.</source>
        <translation>笔记和对话都安全。</translation>
    </message>
    <message>
        <source>It has been restarted.</source>
        <translation>已重新启动。</translation>
    </message>
    <message>
        <source>A part of Elephant stopped unexpectedly.</source>
        <translation>Elephant 的一部分意外停止。</translation>
    </message>
    <message>
        <source>It has been restarted; please ask again.</source>
        <translation>已重新启动，请再问一次。</translation>
    </message>
    <message>
        <source>The model stopped several times in a row, so it is not started again by itself.</source>
        <translation>模型连续停止了几次，因此不再自动启动。</translation>
    </message>
    <message>
        <source>Start it again, or choose another model.</source>
        <translation>请重新启动它，或选择其他模型。</translation>
    </message>
    <message>
        <source>A part of Elephant stopped several times in a row, so it is not started again by itself.</source>
        <translation>Elephant 的一部分连续停止了几次，因此不再自动启动。</translation>
    </message>
    <message>
        <source>Start it again from the line at the bottom of the window.</source>
        <translation>可以在窗口底部重新启动它。</translation>
    </message>
    <message>
        <source>Models that have arrived are kept, and everything else works as before.</source>
        <translation>已下载好的模型会保留，其余一切照常。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, add a model file of your own.</source>
        <translation>请再试一次。如果再次出现，可添加你自己的模型文件。</translation>
    </message>
    <message>
        <source>The package index does not have {name}.</source>
        <translation>软件包索引里没有 {name}。</translation>
    </message>
    <message>
        <source>Look for a newer Elephant, or add a model file of your own.</source>
        <translation>请使用更新的 Elephant，或添加你自己的模型文件。</translation>
    </message>
    <message>
        <source>{name} cannot be fetched: that takes pip, and this Python has none.</source>
        <translation>无法获取 {name}：这需要 pip，而这个 Python 没有 pip。</translation>
    </message>
    <message>
        <source>Run the set-up of Elephant again, or add a model file of your own.</source>
        <translation>请重新运行 Elephant 的安装，或添加你自己的模型文件。</translation>
    </message>
    <message>
        <source>What came for {name} is not what was promised, so it was thrown away.</source>
        <translation>下载到的 {name} 与应有的不符，已丢弃。</translation>
    </message>
    <message>
        <source>What came for {name} is damaged.</source>
        <translation>下载到的 {name} 已损坏。</translation>
    </message>
    <message>
        <source>{name} could not be stored: the models folder cannot be written.</source>
        <translation>无法保存 {name}：模型文件夹不可写入。</translation>
    </message>
    <message>
        <source>Look at its permissions, then try again.</source>
        <translation>请检查它的权限，然后重试。</translation>
    </message>
    <message>
        <source>{name} could not be fetched: the package index answered with an error.</source>
        <translation>无法获取 {name}：软件包索引返回了错误。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>The download of {name} did not finish.</source>
        <translation>{name} 没有下载完。</translation>
    </message>
    <message>
        <source>Check the connection, then try again.</source>
        <translation>请检查网络，然后重试。</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Nothing was changed: a file that was there before is as it was.</source>
        <translation>没有任何改动：原有的文件保持不变。</translation>
    </message>
    <message>
        <source>It could not be found out whether there is a newer version.</source>
        <translation>未能查明有没有新版本。</translation>
    </message>
    <message>
        <source>Everything else works as before.</source>
        <translation>其他一切照常。</translation>
    </message>
    <message>
        <source>The disk is nearly full.</source>
        <translation>磁盘快满了。</translation>
    </message>
    <message>
        <source>The disk is nearly full: {needed} are needed and {free} are free.</source>
        <translation>磁盘快满了：需要 {needed}，可用 {free}。</translation>
    </message>
    <message>
        <source>Nothing was lost, and what is indexed stays searchable.</source>
        <translation>没有丢失任何内容，已索引的仍可搜索。</translation>
    </message>
    <message>
        <source>Free some space, then try again.</source>
        <translation>请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>This copy cannot be checked: no checksums came with it.</source>
        <translation>无法检查这份程序：它没有附带校验和。</translation>
    </message>
    <message>
        <source>Only a program that was built to be handed out has them.</source>
        <translation>只有为分发而构建的程序才有校验和。</translation>
    </message>
    <message>
        <source>This copy cannot be checked: its list of checksums is damaged.</source>
        <translation>无法检查这份程序：校验和清单已损坏。</translation>
    </message>
    <message>
        <source>Get Elephant again from where you had it.</source>
        <translation>请从原来的地方重新获取 Elephant。</translation>
    </message>
    <message>
        <source>This is not possible here.</source>
        <translation>这里无法这样做。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有改动任何内容。</translation>
    </message>
    <message>
        <source>Something in Elephant went wrong.</source>
        <translation>Elephant 出了点问题。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, the log on the privacy page says more.</source>
        <translation>请再试一次。如果再次出现，隐私页上的日志里有更多信息。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly and is being restarted. Your notes and chats are safe.</source>
        <translation>引擎意外停止，正在重新启动。笔记和对话都安全。</translation>
    </message>
    <message>
        <source>The engine stopped several times. Your notes and chats are safe.</source>
        <translation>引擎停止了几次。笔记和对话都安全。</translation>
    </message>
    <message>
        <source>The engine stopped unexpectedly. Your notes and chats are safe. It has been restarted.</source>
        <translation>引擎意外停止。笔记和对话都安全，已重新启动。</translation>
    </message>
    <message>
        <source>The model stopped unexpectedly and is being restarted. Your notes and chats are safe.</source>
        <translation>模型意外停止，正在重新启动。笔记和对话都安全。</translation>
    </message>
    <message>
        <source>The model stopped several times. Search and quotes still work.</source>
        <translation>模型停止了几次。搜索和原文引用仍可使用。</translation>
    </message>
    <message>
        <source>The model stopped unexpectedly. Your notes and chats are safe. It has been restarted.</source>
        <translation>模型意外停止。笔记和对话都安全，已重新启动。</translation>
    </message>
    <message>
        <source>Search is being repaired; it stays exact, only a little slower.</source>
        <translation>搜索正在修复；结果依然准确，只是稍慢。</translation>
    </message>
    <message>
        <source>Fast search is off; exact search answers instead.</source>
        <translation>快速搜索已关闭，由精确搜索代替。</translation>
    </message>
</context>
</TS>
