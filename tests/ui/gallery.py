"""Everything the theme shapes, in one window, for looking at (not a test).

python -m tests.ui.gallery [--theme dark] [--percent 150] [--language en] [--save picture.png]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QBrush, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.paths import resource
from app.ui.theme import set_role, theme
from app.ui.widgets import (
    Banner,
    ElidedLabel,
    EmptyState,
    FieldError,
    HeadingLabel,
    OverflowBar,
    PlainLabel,
    SegmentedButtons,
)
from app.wording import set_language

MODES = [("text", "window.log_text"), ("hex", "window.log_hex"), ("mixed", "window.log_mixed")]


class Gallery(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Gallery")
        self._fill_menus()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._left())
        split.addWidget(self._right())
        split.setStretchFactor(1, 1)
        self.setCentralWidget(split)
        dock = QDockWidget("条目详情")
        dock.setWidget(self._empty())
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.statusBar().addWidget(PlainLabel("正在监听 0.0.0.0:8080 · 线程 7 · RX 48.6 MB"))
        self.resize(1280, 760)

    def _fill_menus(self) -> None:
        for title in ("文件", "编辑", "视图"):
            menu = self.menuBar().addMenu(title)
            for icon, text in (("folder-open", "打开日志…"), ("export", "导出…"), ("", "退出")):
                action = menu.addAction(text)
                action.setShortcut("Ctrl+O")
                if icon:
                    action.setIcon(theme().icon(icon))
            menu.addSeparator()
            checked = menu.addAction("自动滚屏")
            checked.setCheckable(True)
            checked.setChecked(True)
            menu.addAction("不可用").setEnabled(False)
            menu.addMenu("语言").addAction("English")

    def _left(self) -> QWidget:
        left = QWidget()
        column = QFormLayout(left)
        column.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        column.addRow(HeadingLabel("网络设置"))
        host = QComboBox()
        host.addItems(["0.0.0.0（全部网卡）", "127.0.0.1", "192.168.1.7"])
        column.addRow(PlainLabel("本地主机地址", role="secondary"), host)
        port = QLineEdit("80800")
        error = FieldError()
        column.addRow(PlainLabel("本地主机端口", role="secondary"), port)
        column.addRow(error)
        error.show_error("打不开端口 80800：端口是 0 到 65535 的数，请改一个。", port)
        self._button("play", "打开", "primary", column.addRow)
        self._button("stop", "关闭", "danger", column.addRow)
        self._button("stop", "正在关闭…", "danger", column.addRow).setEnabled(False)
        locked = QComboBox()
        locked.addItem("锁定的 GBK")
        locked.setEnabled(False)
        column.addRow(locked)
        size = QLineEdit("1024")
        column.addRow(PlainLabel("接收大小（字节）", role="secondary"), size)
        for text, on, enabled in (
            ("自动回复", True, True),
            ("自动滚屏", False, True),
            ("锁定", True, False),
        ):
            box = QCheckBox(text)
            box.setChecked(on)
            box.setEnabled(enabled)
            column.addRow(box)
        self.first = host
        return left

    def _button(
        self, icon: str, text: str, role: str, add: Callable[[QWidget], object]
    ) -> QPushButton:
        button = QPushButton(text)
        set_role(button, role)
        token = {"primary": "on_accent", "danger": "on_danger"}.get(role, "text")
        button.setIcon(theme().icon(icon, token))
        add(button)
        return button

    def _right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        for kind, text in (
            ("info", "#2 的数据看起来是 UTF-8，现在按 GBK 显示。"),
            ("warning", "上次运行没有正常结束，它的日志 <b>完好</b>（1.2 MB）。"),
            ("error", "磁盘已满，日志写不进去，接收已暂停；请腾出空间，之后会自动继续。"),
        ):
            banner = Banner()
            banner.show_message(kind, text)
            banner.add_action("改为 UTF-8", lambda: None)
            column.addWidget(banner)
        column.addWidget(self._bar())
        column.addWidget(self._table(), 1)
        column.addWidget(ElidedLabel("很长的一行 " * 40))
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setValue(40)
        column.addWidget(bar)
        row = QHBoxLayout()
        editor = QPlainTextEdit("余额：￥1,024.00\nHello Neo 你好 0O1lI")
        editor.setFont(theme().mono_font())
        editor.setMaximumHeight(theme().px(80))
        row.addWidget(editor, 1)
        self._button("send", "发送", "primary", row.addWidget)
        self._button("history", "普通按钮", "", row.addWidget)
        self._button("history", "不可用", "", row.addWidget).setEnabled(False)
        column.addLayout(row)
        return right

    def _bar(self) -> OverflowBar:
        bar = OverflowBar()
        bar.add_widget(HeadingLabel("数据日志"))
        combo = QComboBox()
        combo.addItems(["全部客户端", "#1"])
        bar.add_widget(combo)
        search = QLineEdit()
        search.setPlaceholderText("查找文本或十六进制  Ctrl+F")
        bar.add_widget(search)
        bar.add_widget(SegmentedButtons(MODES))
        for icon, text in (("pause", "暂停显示"), ("clear", "清除"), ("export", "导出…")):
            action = QAction(theme().icon(icon, on_token="link"), text, bar)
            action.setCheckable(icon == "pause")
            action.setChecked(icon == "pause")
            action.setEnabled(icon != "export")
            bar.add_action(action)
        more = QToolButton()
        more.setText("列")
        menu = QMenu(more)
        menu.addAction("线程")
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        bar.add_widget(more)
        return bar

    def _table(self) -> QTableView:
        model = QStandardItemModel(0, 4)
        model.setHorizontalHeaderLabels(["#", "地址:端口", "状态", "接收"])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for at in (0, 3):
            model.horizontalHeaderItem(at).setTextAlignment(right)
        for at in (1, 2):
            model.horizontalHeaderItem(at).setTextAlignment(left)
        for n in range(1, 30):
            row = [
                QStandardItem(str(n)),
                QStandardItem("192.168.1.7:64570"),
                QStandardItem("在线"),
                QStandardItem("1.2 KB"),
            ]
            row[0].setTextAlignment(right)
            row[3].setTextAlignment(right)
            row[2].setForeground(QBrush(theme().colour("received")))
            model.appendRow(row)
        table = QTableView()
        table.setModel(model)
        table.setShowGrid(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        table.setSortingEnabled(True)
        table.horizontalHeader().setStretchLastSection(True)
        table.verticalHeader().setDefaultSectionSize(theme().px(26))
        table.setColumnWidth(0, theme().px(48))
        table.setColumnWidth(1, theme().px(180))
        table.selectRow(1)
        return table

    def _empty(self) -> EmptyState:
        empty = EmptyState("client")
        empty.set_words("等待客户端连接", "让客户端连接下面任一地址，点击即可复制：")
        link = QPushButton("192.168.1.7:8080")
        set_role(link, "link")
        empty.add_widget(link)
        self._button("demo", "启动一个模拟客户端", "primary", empty.add_widget)
        return empty


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", default="light")
    parser.add_argument("--percent", type=int, default=100)
    parser.add_argument("--language", default="zh_CN")
    parser.add_argument("--save", default="")
    parser.add_argument("--popup", action="store_true", help="show the first combo box open")
    arguments = parser.parse_args()
    assert resource("styles").is_dir()
    app = QApplication(sys.argv[:1])
    set_language(arguments.language)
    theme().set_mode(arguments.theme)
    theme().set_type_percent(arguments.percent)
    gallery = Gallery()
    gallery.show()
    if arguments.popup:
        QTimer.singleShot(200, gallery.first.showPopup)
    if arguments.save:
        QTimer.singleShot(400, lambda: (gallery.grab().save(arguments.save), app.quit()))
    app.exec()


if __name__ == "__main__":
    main()
