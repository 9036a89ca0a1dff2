"""What is said in the experiments: the same sentences that a student would type."""

from __future__ import annotations

HELLO = "你好"
ANSWER = "交易正在处理"
ORDERS = ("苹果 3 个\n", "香蕉 5 个\n", "橙子 2 个\n")  # three messages, a line each
NEWS = "今天下午两点开会\n"
SECRET = "密码是 1234"
PAYMENT, FORGERY = "转账 100 元", "转账 900 元"
